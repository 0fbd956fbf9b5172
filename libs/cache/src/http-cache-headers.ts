import type { CacheRead } from './tiered-cache.ts';

/**
 * `Cache-Status` (RFC 9211). `fwd=stale` alone says that what was forwarded failed and a stale value answered:
 * a fill that succeeds is `fwd=miss`, whether or not something stale was there before.
 */
function cacheStatus({ outcome, stored }: CacheRead): string {
  switch (outcome) {
    case 'hit':
      return 'souk; hit';
    case 'miss':
      return stored ? 'souk; fwd=miss; stored' : 'souk; fwd=miss';
    case 'stale':
      return 'souk; fwd=stale';
  }
}

const shared = { 'cache-control': 'public, max-age=1, stale-while-revalidate=1' };
const ownersOnly = { 'cache-control': 'private, no-cache', vary: 'Authorization' };

/** What is answered to a request for a cached entity, but for its body. */
export interface CacheAnswer {
  status: 200 | 304;
  headers: Record<string, string>;
}

/** A 304 has the headers of the 200 but those of the body it leaves out (RFC 9110 §15.4.5). */
export function cacheAnswer(read: CacheRead, isPrivate: boolean, ifNoneMatch: string | undefined): CacheAnswer {
  const { etag, storedAt } = read.entry;
  const age = Math.max(0, Math.floor((Date.now() - storedAt) / 1_000));
  const headers = {
    ...(isPrivate ? ownersOnly : shared),
    etag,
    age: String(age),
    'cache-status': cacheStatus(read),
  };
  if (isNotModified(ifNoneMatch, etag)) return { status: 304, headers };
  return { status: 200, headers: { ...headers, 'content-type': 'application/json; charset=utf-8' } };
}

/** Whether `If-None-Match` names this entity; compared weakly (RFC 9110 §13.1.2). */
function isNotModified(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || (ifNoneMatch.match(/"[^"]*"/g)?.includes(etag) ?? false);
}
