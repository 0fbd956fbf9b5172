import { announceLag, announceRead, type CacheFact, keyClassOf } from './cache-channel.ts';
import { type CacheEntry, everyEntry, type Filled, type StoredEntry, storedEntry } from './cache-entry.ts';
import { Generations } from './generations.ts';
import { LocalTier } from './local-tier.ts';
import { type RedisRead, RedisTier } from './redis-tier.ts';
import { SingleFlight } from './single-flight.ts';

export interface TieredCacheOptions {
  /** Without it there is one tier. */
  redisUrl?: string | undefined;
  /** Keeps caches apart that share a Redis. */
  prefix: string;
  /** Milliseconds for which a value is fresh; the longest that `read` grants. */
  ttlMs: number;
  /** Milliseconds past its freshness for which a value is kept, to be served when a fill fails. */
  graceMs: number;
  /** Which failures of a fill a kept value may stand in for: the owner is unavailable, late or overloaded. */
  serveStaleOn: (error: unknown) => boolean;
  /** Of the process tier; default 5,000. */
  maxEntries?: number;
  /** Of the process tier, bodies only; default 32 MiB. */
  maxBytes?: number;
}

export type Tiers = 'both' | 'local';

export interface ReadOptions {
  /** Milliseconds; may shorten the cache's own TTL, not lengthen it. */
  ttlMs?: number | undefined;
  /** `local` stays out of Redis; default `both`. */
  tiers?: Tiers | undefined;
}

export interface CacheRead {
  entry: CacheEntry;
  /** `stale`: the fill failed and a value that was expired or invalidated stood in. */
  outcome: CacheFact['outcome'];
  /** False for a fill that was answered but not kept, because an invalidation overtook it. */
  stored: boolean;
}

interface Flight extends CacheRead {
  entry: StoredEntry;
  startedAt: number;
  tier: CacheFact['tier'];
}

/**
 * In-process LRU, then Redis, then the fill. One fill per key at a time. Redis failing means slower, never wrong.
 *
 * Not bentocache, though it has these parts: its two tiers store a fill that began before an invalidation, and
 * another replica then keeps it for the whole TTL; it parses JSON on every hit; and a failing fill runs once for each
 * reader, one after the other (docs/decisions.md).
 */
export class TieredCache {
  readonly #options: TieredCacheOptions;
  readonly #generations = new Generations();
  readonly #flights = new SingleFlight<Flight>();
  readonly #local: LocalTier;
  readonly #redis: RedisTier | undefined;

  private constructor(options: TieredCacheOptions) {
    const { redisUrl, maxEntries = 5_000, maxBytes = 32 * 1024 * 1024, graceMs } = options;
    this.#options = options;
    this.#local = new LocalTier({ maxEntries, maxBytes, graceMs });
    this.#redis = redisUrl === undefined ? undefined : new RedisTier({ ...options, url: redisUrl });
  }

  /** Connects in the background; does not fail because Redis is away. */
  static create(options: TieredCacheOptions): TieredCache {
    return new TieredCache(options);
  }

  /** The fresh value, if this process has it. */
  peekLocal(key: string): CacheEntry | undefined {
    const local = this.#local.fresh(key);
    if (local) announceRead({ outcome: 'hit', tier: 'local', keyClass: local.keyClass });
    return local;
  }

  /** The fresh value, if a tier has it. Never fills. */
  async peek(key: string, tiers: Tiers = 'both'): Promise<CacheEntry | undefined> {
    const local = this.peekLocal(key);
    if (local) return local;
    const startedAt = this.#generations.now;
    const shared = await this.#readRedis(key, tiers);
    if (!shared?.fresh || !shared.entry) return undefined;
    if (!this.#keep(key, shared.entry, startedAt)) return undefined;
    announceRead({ outcome: 'hit', tier: 'redis', keyClass: keyClassOf(key) });
    return shared.entry;
  }

  /**
   * The fresh value, or what `fill` makes. `fill` must settle (every bus call has a deadline) and runs in the context
   * of the first of the readers that share it. Its errors reach all of them as they are, unless `serveStaleOn` lets a
   * kept value stand in: one past its TTL, and also an invalidated one, because each sale invalidates what is bought
   * most, which would otherwise be the first to vanish when its owner is down. It is marked `stale`.
   */
  async read(key: string, options: ReadOptions, fill: () => Promise<Filled>): Promise<CacheRead> {
    const local = this.peekLocal(key);
    if (local) return { entry: local, outcome: 'hit', stored: true };
    const joinedAt = this.#generations.now;
    const flight = await this.#flights.run(key, () => this.#load(key, options, fill));
    const { entry, outcome, stored, tier } = this.#isOvertaken(flight, joinedAt)
      ? await this.#flights.run(key, () => this.#load(key, options, fill))
      : flight;
    announceRead({ outcome, tier, keyClass: keyClassOf(key) });
    return { entry, outcome, stored };
  }

  /**
   * Nothing that was read before this call and carries one of `tags` is fresh after it, in any tier. A fill under way
   * is answered to those who already wait for it and not stored. Never fails: what Redis cannot be told now, it is
   * told before it is read again. `changedAt` is when what they stand for was changed, in milliseconds since the epoch.
   */
  async invalidate(tags: readonly string[], changedAt?: number): Promise<void> {
    this.#generations.invalidate(tags);
    this.#local.expire(tags);
    if (changedAt !== undefined) announceLag((Date.now() - changedAt) / 1_000);
    await this.#redis?.invalidate(tags);
  }

  /**
   * Invalidates everything, in every tier: for when invalidations may have been missed. Call it after every reconnect
   * of the bus, and at the start if no other gateway was listening before.
   */
  reset(): Promise<void> {
    return this.invalidate([everyEntry]);
  }

  async close(): Promise<void> {
    this.#redis?.close();
  }

  async #load(key: string, { ttlMs, tiers }: ReadOptions, fill: () => Promise<Filled>): Promise<Flight> {
    const startedAt = this.#generations.now;
    const shared = await this.#readRedis(key, tiers);
    if (shared?.fresh && shared.entry) {
      const stored = this.#keep(key, shared.entry, startedAt);
      if (stored) return { entry: shared.entry, outcome: 'hit', stored, startedAt, tier: 'redis' };
    }
    try {
      const entry = storedEntry(await fill(), Math.min(ttlMs ?? Infinity, this.#options.ttlMs));
      const stored = this.#keep(key, entry, startedAt);
      // Not awaited: a slow Redis is no reason to answer late.
      if (stored && shared) void this.#redis?.write(key, entry, shared.stamp);
      return { entry, outcome: 'miss', stored, startedAt, tier: 'origin' };
    } catch (error) {
      return { ...this.#standIn(key, shared?.entry, error), startedAt };
    }
  }

  #standIn(key: string, shared: StoredEntry | undefined, error: unknown): Omit<Flight, 'startedAt'> {
    if (!this.#options.serveStaleOn(error)) throw error;
    const local = this.#local.kept(key);
    if (local && !(shared && shared.storedAt > local.storedAt)) {
      return { entry: local, outcome: 'stale', stored: true, tier: 'local' };
    }
    if (shared) return { entry: shared, outcome: 'stale', stored: true, tier: 'redis' };
    throw error;
  }

  /** Into the process tier, unless an invalidation came since `startedAt`. */
  #keep(key: string, entry: StoredEntry, startedAt: number): boolean {
    if (this.#generations.changedSince(startedAt, entry.tags)) return false;
    this.#local.set(key, entry);
    return true;
  }

  /** A reader who came after the invalidation must not be given what was read before it. */
  #isOvertaken({ outcome, startedAt, entry }: Flight, joinedAt: number): boolean {
    return outcome !== 'stale' && joinedAt > startedAt && this.#generations.changedSince(startedAt, entry.tags);
  }

  #readRedis(key: string, tiers: Tiers = 'both'): Promise<RedisRead | undefined> | undefined {
    return tiers === 'both' ? this.#redis?.read(key) : undefined;
  }
}
