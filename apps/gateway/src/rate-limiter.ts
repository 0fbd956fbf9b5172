import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { announcedCommand, connectRedis } from '@souk/cache';
import { CircuitBreakers } from '@souk/resilience';
import type { Redis } from 'ioredis';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { ENV, type GatewayEnv } from './env.ts';
import { generalLimit, type InlineLimit } from './rate-limits.ts';
import { TokenBuckets, type Verdict } from './token-bucket.ts';

/** Milliseconds between two reports of the general limit to the other replicas. */
const SYNC_INTERVAL_MS = 500;
/** Seconds after which an idle client's count is forgotten; far longer than a bucket takes to fill. */
const COUNT_TTL = 60;

/** `own` decides while the one that all replicas share cannot be reached. It counts all along: who is known here does not begin anew. */
interface Counters {
  shared: RateLimiterRedis | undefined;
  own: RateLimiterMemory;
}

/** Counts requests. Without Redis each replica counts for itself: limits loosen, requests go on. */
@Injectable()
export class RateLimiter implements OnApplicationShutdown {
  readonly #factor: number;
  readonly #general: TokenBuckets;
  readonly #inline = new Map<string, Counters>();
  // A Redis that hangs may not cost each request its 100 ms.
  readonly #breakers = new CircuitBreakers({ isFailure: () => true, threshold: 3, silenceMs: 0 });
  readonly #redis: Redis | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(@Inject(ENV) { RATE_LIMIT_FACTOR, REDIS_URL }: Pick<GatewayEnv, 'RATE_LIMIT_FACTOR' | 'REDIS_URL'>) {
    this.#factor = RATE_LIMIT_FACTOR;
    this.#general = new TokenBuckets(generalLimit.perSecond * this.#factor, generalLimit.burst * this.#factor);
    this.#redis = REDIS_URL === undefined ? undefined : connectTo(REDIS_URL);
    this.#timer = setInterval(() => void this.#sync(), SYNC_INTERVAL_MS);
  }

  takeGeneral(address: string): Verdict {
    return this.#general.take(address);
  }

  async takeInline(limit: InlineLimit, key: string): Promise<Verdict> {
    const result = await this.#consume(this.#countersOf(limit), key);
    const total = limit.points * this.#factor;
    return {
      allowed: result.consumedPoints <= total,
      limit: total,
      remaining: result.remainingPoints,
      resetSeconds: Math.ceil(result.msBeforeNext / 1_000),
    };
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
    this.#redis?.disconnect();
  }

  async #consume({ shared, own }: Counters, key: string): Promise<RateLimiterRes> {
    const here = await take(own, key);
    if (!shared) return here;
    try {
      return await this.#breakers.run('redis', () => announcedCommand('limits', () => take(shared, key)));
    } catch {
      return here;
    }
  }

  #countersOf({ name, points, seconds }: InlineLimit): Counters {
    const known = this.#inline.get(name);
    if (known) return known;
    const options = { keyPrefix: `souk:limit:${name}`, points: points * this.#factor, duration: seconds };
    const storeClient = this.#redis;
    const shared = storeClient && new RateLimiterRedis({ ...options, storeClient, rejectIfRedisNotReady: true });
    const counters = { shared, own: new RateLimiterMemory(options) };
    this.#inline.set(name, counters);
    return counters;
  }

  async #sync(): Promise<void> {
    const taken = [...this.#general.report()];
    const totals = await this.#countEverywhere(taken);
    for (const [index, [client, sent]] of taken.entries()) this.#general.settle(client, sent, totals[index]);
    this.#general.sweep();
  }

  // Redis away: what was taken here is all that is known, and the next report starts from nothing.
  async #countEverywhere(taken: [client: string, sent: number][]): Promise<(number | undefined)[]> {
    if (this.#redis?.status !== 'ready' || taken.length === 0) return [];
    const pipeline = this.#redis.pipeline();
    for (const [client, sent] of taken)
      pipeline.incrby(`souk:taken:${client}`, sent).expire(`souk:taken:${client}`, COUNT_TTL);
    const replies = await pipeline.exec().catch(() => null);
    return taken.map((_, index) => Number(replies?.[index * 2]?.[1]) || undefined);
  }
}

function connectTo(url: string): Redis {
  const redis = connectRedis(url, { commandTimeout: 100, enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  const logger = new Logger('RateLimiter');
  redis.on('error', (error: Error) => logger.debug(`Redis: ${error.message}`));
  return redis;
}

/** The limiter throws its refusals; whatever else it throws says that its store is unwell. */
async function take(limiter: RateLimiterAbstract, key: string): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key);
  } catch (reason) {
    if (reason instanceof RateLimiterRes) return reason;
    throw reason;
  }
}
