import { type RedisServer, startRedis } from '@souk/cache/testing';
import { breakerChannel } from '@souk/resilience';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RateLimiter } from './rate-limiter.ts';
import type { InlineLimit } from './rate-limits.ts';

const login: InlineLimit = { name: 'login-account', points: 5, seconds: 60, per: 'account' };

let redis: RedisServer;
const replicas: RateLimiter[] = [];

function replica(options: { redisUrl?: string; factor?: number } = {}): RateLimiter {
  const limiter = new RateLimiter({ REDIS_URL: options.redisUrl, RATE_LIMIT_FACTOR: options.factor ?? 1 });
  replicas.push(limiter);
  return limiter;
}

const tries = async (limiter: RateLimiter, key: string, times: number): Promise<number> => {
  let allowed = 0;
  for (let i = 0; i < times; i++) if ((await limiter.takeInline(login, key)).allowed) allowed += 1;
  return allowed;
};

/** Counts in Redis as soon as the connection is up; before that each replica counts for itself. */
const shared = (a: RateLimiter, b: RateLimiter) =>
  vi.waitFor(async () => {
    const key = `probe-${Math.random()}`;
    await a.takeInline(login, key);
    expect((await b.takeInline(login, key)).remaining).toBe(3);
  }, 10_000);

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(() => {
  for (const limiter of replicas.splice(0)) limiter.onApplicationShutdown();
});

describe('an inline limit', () => {
  it('holds over two replicas, whichever is asked', async () => {
    const [a, b] = [replica({ redisUrl: redis.url }), replica({ redisUrl: redis.url })];
    await shared(a, b);
    expect(await tries(a, 'both', 3)).toBe(3);
    expect(await tries(b, 'both', 5)).toBe(2);
    expect(await a.takeInline(login, 'both')).toMatchObject({ allowed: false, limit: 5, remaining: 0 });
  });

  it('survives the restart of a gateway', async () => {
    const [first, other] = [replica({ redisUrl: redis.url }), replica({ redisUrl: redis.url })];
    await shared(first, other);
    await tries(first, 'restart', 5);
    first.onApplicationShutdown();
    const next = replica({ redisUrl: redis.url });
    await shared(next, other);
    expect(await tries(next, 'restart', 1)).toBe(0);
  });

  it('is kept by each replica for itself without Redis, and while Redis is away', async () => {
    expect(await tries(replica(), 'alone', 9)).toBe(5);
    expect(await tries(replica({ redisUrl: 'redis://127.0.0.1:1' }), 'alone', 9)).toBe(5);
  });

  it('is counted on by each replica from what it has seen itself when Redis freezes', async () => {
    const [a, b] = [replica({ redisUrl: redis.url }), replica({ redisUrl: redis.url })];
    await shared(a, b);
    await tries(a, 'frozen', 3);
    redis.freeze();
    try {
      expect(await tries(a, 'frozen', 9)).toBe(2);
      expect(await tries(b, 'frozen', 9)).toBe(5);
    } finally {
      redis.thaw();
    }
  });

  it('asks a frozen Redis a few times, and then not for each request', async () => {
    const [a, b] = [replica({ redisUrl: redis.url }), replica({ redisUrl: redis.url })];
    await shared(a, b);
    const opened: unknown[] = [];
    const listen = (message: unknown) => opened.push(message);
    breakerChannel.subscribe(listen);
    redis.freeze();
    try {
      await tries(a, 'unwell', 4);
      expect(opened).toContainEqual({ target: 'redis', state: 'Open' });
    } finally {
      redis.thaw();
      breakerChannel.unsubscribe(listen);
    }
    await shared(a, b);
  });

  it('is multiplied for load tests', async () => {
    expect(await tries(replica({ factor: 2 }), 'factor', 20)).toBe(10);
  });
});

describe('the general limit', () => {
  it('is added up over the replicas in the background', async () => {
    const [a, b] = [replica({ redisUrl: redis.url }), replica({ redisUrl: redis.url })];
    const reader = new Redis(redis.url);
    try {
      for (let i = 0; i < 10; i++) a.takeGeneral('1.2.3.4');
      for (let i = 0; i < 5; i++) b.takeGeneral('1.2.3.4');
      await vi.waitFor(async () => expect(await reader.get('souk:taken:1.2.3.4')).toBe('15'), 10_000);
    } finally {
      reader.disconnect();
    }
  });
});
