import { LRUCache } from 'lru-cache';
import { keyClassOf } from './cache-channel.ts';
import { isFresh, type StoredEntry } from './cache-entry.ts';

export interface LocalTierOptions {
  maxEntries: number;
  /** Characters of body, which are its bytes where the text is ASCII. */
  maxBytes: number;
  /** Milliseconds an entry is kept past its freshness. */
  graceMs: number;
}

/** Knows the class of its key, so that a hit does not have to find it out. */
export interface LocalEntry extends StoredEntry {
  keyClass: string;
}

/**
 * The entries of this process, with an index from tag to keys: an invalidation pays for what it expires, and a hit
 * pays nothing for its tags. What is invalidated is no longer fresh but stays as what can be served stale.
 */
export class LocalTier {
  readonly #keysByTag = new Map<string, Set<string>>();
  readonly #entries: LRUCache<string, LocalEntry>;
  readonly #graceMs: number;

  constructor({ maxEntries, maxBytes, graceMs }: LocalTierOptions) {
    this.#graceMs = graceMs;
    this.#entries = new LRUCache({
      max: maxEntries,
      maxSize: maxBytes,
      // The clock by which freshness is told, so that grace begins where freshness ends.
      perf: Date,
      sizeCalculation: (entry, key) => entry.body.length + key.length + 1,
      dispose: (entry, key) => this.#unindex(key, entry),
    });
  }

  /** Entries and tags held. */
  get size(): { entries: number; tags: number } {
    return { entries: this.#entries.size, tags: this.#keysByTag.size };
  }

  fresh(key: string): LocalEntry | undefined {
    const entry = this.#entries.get(key);
    return entry && isFresh(entry) ? entry : undefined;
  }

  /** Fresh or not. */
  kept(key: string): StoredEntry | undefined {
    return this.#entries.peek(key);
  }

  set(key: string, entry: StoredEntry): void {
    const ttl = Math.max(1, entry.freshUntil - Date.now() + this.#graceMs);
    this.#entries.set(key, { ...entry, keyClass: keyClassOf(key) }, { ttl });
    if (this.#entries.has(key)) this.#index(key, entry);
  }

  expire(tags: readonly string[]): void {
    for (const tag of tags) {
      for (const key of this.#keysByTag.get(tag) ?? []) {
        const entry = this.#entries.peek(key);
        if (entry) entry.freshUntil = 0;
      }
    }
  }

  #index(key: string, { tags }: StoredEntry): void {
    for (const tag of tags) {
      const keys = this.#keysByTag.get(tag) ?? new Set();
      this.#keysByTag.set(tag, keys.add(key));
    }
  }

  #unindex(key: string, { tags }: StoredEntry): void {
    for (const tag of tags) {
      const keys = this.#keysByTag.get(tag);
      if (keys?.delete(key) && keys.size === 0) this.#keysByTag.delete(tag);
    }
  }
}
