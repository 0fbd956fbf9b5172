import { isFresh, type StoredEntry } from './cache-entry.ts';
import { OwedInvalidations } from './owed-invalidations.ts';
import { RedisConnection } from './redis-connection.ts';
import { invalidateScript, readScript, writeScript } from './redis-scripts.ts';

export interface RedisTierOptions {
  url: string;
  prefix: string;
  /** Milliseconds; no entry is fresh for longer. */
  ttlMs: number;
  graceMs: number;
}

/** What Redis knew when it was asked. `stamp` is to be given back with what is then filled. */
export interface RedisRead {
  stamp: string;
  fresh: boolean;
  entry: StoredEntry | undefined;
}

/** Longer than any fill and any difference of clocks. */
const MARGIN_MS = 120_000;

/**
 * The tier all gateways share. Every method resolves, whatever Redis does.
 *
 * What remains: an invalidation that no running gateway can deliver to a Redis that lives on is unknown to a gateway
 * that starts meanwhile and does reach that Redis. It may serve the old value until one of the others gets through,
 * at most for the TTL.
 */
export class RedisTier {
  readonly #options: RedisTierOptions;
  readonly #connection: RedisConnection;
  readonly #owed: OwedInvalidations;

  constructor(options: RedisTierOptions) {
    this.#options = options;
    this.#owed = new OwedInvalidations((tags) => this.#sendInvalidation(tags));
    this.#connection = new RedisConnection(options.url, () => void this.#owed.settle());
  }

  async read(key: string): Promise<RedisRead | undefined> {
    if (!(await this.#owed.settle())) return undefined;
    const reply = await this.#run(readScript, key, []);
    return Array.isArray(reply) ? redisRead(reply.map(String)) : undefined;
  }

  /** Stores what was filled after the read that gave `stamp`, unless an invalidation overtook it. */
  async write(key: string, entry: StoredEntry, stamp: string): Promise<void> {
    const life = entry.freshUntil - Date.now() + this.#options.graceMs;
    if (life <= 0) return;
    const { freshUntil, storedAt, etag, tags, body } = entry;
    await this.#run(writeScript, key, [stamp, life, freshUntil, storedAt, etag, tags.join('\n'), body]);
  }

  /** When Redis cannot be told, it is told later, and not read before. */
  async invalidate(tags: readonly string[]): Promise<void> {
    this.#owed.owe(tags);
    await this.#owed.settle();
  }

  close(): void {
    this.#owed.close();
    this.#connection.close();
  }

  async #sendInvalidation(tags: readonly string[]): Promise<boolean> {
    return (await this.#run(invalidateScript, '', tags)) !== undefined;
  }

  #run(script: string, key: string, args: readonly (string | number)[]): Promise<unknown> {
    const { prefix, ttlMs, graceMs } = this.#options;
    return this.#connection.run(script, prefix, key, [ttlMs + graceMs + MARGIN_MS, ...args]);
  }
}

function redisRead([stamp = '', current, freshUntil, storedAt, etag, tags, body]: string[]): RedisRead {
  if (etag === undefined || tags === undefined || body === undefined) return { stamp, fresh: false, entry: undefined };
  const entry = { body, etag, storedAt: Number(storedAt), tags: tags.split('\n'), freshUntil: Number(freshUntil) };
  return { stamp, fresh: current === '1' && isFresh(entry), entry };
}
