import { hash } from 'node:crypto';

/** What a hit answers without further work. */
export interface CacheEntry {
  body: string;
  /** Strong and quoted: a hash of `body`. */
  etag: string;
  /** Milliseconds since the epoch at which the fill ended. */
  storedAt: number;
}

/** An entry as the tiers keep it. */
export interface StoredEntry extends CacheEntry {
  tags: readonly string[];
  /** Milliseconds since the epoch; absolute, so that a copy in another tier does not start its life anew. */
  freshUntil: number;
}

/** Carried by every entry without being named, so that one invalidation can reach them all. */
export const everyEntry = '*';

export interface Filled {
  body: string;
  /** Names without line breaks. */
  tags: readonly string[];
}

/** The strong ETag of a body: quoted, a function of its text alone, so the same in every replica. */
export const etagOf = (body: string): string => `"${hash('sha256', body, 'base64url')}"`;

export function storedEntry({ body, tags }: Filled, ttlMs: number): StoredEntry {
  const storedAt = Date.now();
  return { body, etag: etagOf(body), storedAt, tags: [everyEntry, ...new Set(tags)], freshUntil: storedAt + ttlMs };
}

export const isFresh = (entry: StoredEntry): boolean => entry.freshUntil > Date.now();
