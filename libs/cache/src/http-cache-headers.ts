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

const shared = { 'Cache-Control': 'public, max-age=1, stale-while-revalidate=1' };
const ownersOnly = { 'Cache-Control': 'private, no-cache', Vary: 'Authorization' };

/** The headers of a 200 as of its 304 (RFC 9110 §15.4.5). */
export function cacheHeaders(read: CacheRead, isPrivate: boolean): Record<string, string> {
  const age = Math.max(0, Math.floor((Date.now() - read.entry.storedAt) / 1_000));
  return {
    ...(isPrivate ? ownersOnly : shared),
    ETag: read.entry.etag,
    Age: String(age),
    'Cache-Status': cacheStatus(read),
  };
}

/** Whether `If-None-Match` names this entity; compared weakly (RFC 9110 §13.1.2). */
export function isNotModified(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || (ifNoneMatch.match(/"[^"]*"/g)?.includes(etag) ?? false);
}
