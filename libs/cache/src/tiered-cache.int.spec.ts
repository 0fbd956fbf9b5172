import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type RedisServer, startRedis } from './testing/index.ts';
import { TieredCache } from './tiered-cache.ts';

class Unavailable extends Error {}

type Filled = { body: string; tags: string[] };

const tags = ['product:1'];
const filled = (body: string) => () => Promise.resolve({ body, tags });
const serveStaleOn = (error: unknown) => error instanceof Unavailable;
const down = () => Promise.reject(new Unavailable());
const noFill = () => Promise.reject(new Error('nobody expected a fill'));

let redis: RedisServer;
let caches: TieredCache[];

beforeEach(async () => {
  redis = await startRedis();
  caches = [];
});

afterEach(async () => {
  await Promise.all(caches.map((cache) => cache.close()));
  await redis.stop();
});

function create(overrides: { ttlMs?: number; redisUrl?: string } = {}): TieredCache {
  const cache = TieredCache.create({
    redisUrl: redis.url,
    prefix: 'spec',
    ttlMs: 300_000,
    graceMs: 600_000,
    serveStaleOn,
    ...overrides,
  });
  caches.push(cache);
  return cache;
}

/** A replica that is known to reach Redis, seen by what another one finds there. */
async function connected(cache = create()): Promise<TieredCache> {
  const witness = create();
  const probe = `probe:${caches.length}`;
  await vi.waitFor(
    async () => {
      await cache.invalidate([probe]);
      await cache.read(probe, {}, () => Promise.resolve({ body: 'probe', tags: [probe] }));
      expect(await appears(witness, probe, 200)).toBe('probe');
    },
    { timeout: 10_000 },
  );
  return cache;
}

/** What `key` holds as soon as it holds anything; Redis is written after the answer. */
async function appears(cache: TieredCache, key: string, timeout = 5_000): Promise<string | undefined> {
  const found = async () => {
    const entry = await cache.peek(key);
    expect(entry).toBeDefined();
    return entry?.body;
  };
  return vi.waitFor(found, { timeout, interval: 10 });
}

async function client(): Promise<Redis> {
  const redisClient = new Redis(redis.url, { lazyConnect: true });
  await redisClient.connect();
  return redisClient;
}

/** A way to Redis that can be cut. */
async function startLink(port: number) {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) sockets.add(socket.on('error', () => socket.destroy()));
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const address = server.address();
  const url = typeof address === 'object' && address ? `redis://127.0.0.1:${address.port}` : '';
  const close = async () => {
    cut();
    server.close();
  };
  return { url, cut, mend: () => void (isCut = false), [Symbol.asyncDispose]: close };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

test('what one replica filled is a hit in another, with the same etag and time', async () => {
  const [a, b] = [await connected(), await connected()];
  const read = await a.read('product:1', {}, filled('{"name":"Größe 42"}'));
  await appears(b, 'product:1');
  const { body, etag, storedAt } = read.entry;
  expect(await b.read('product:1', {}, noFill)).toMatchObject({ outcome: 'hit', entry: { body, etag, storedAt } });
});

test('a hundred readers at once ask Redis and the owner once', async () => {
  const a = await connected();
  const fill = vi.fn<() => Promise<Filled>>(filled('a'));
  await Promise.all(Array.from({ length: 100 }, () => a.read('product:1', {}, fill)));
  expect(fill).toHaveBeenCalledOnce();
});

test('a read that stays local is not in Redis', async () => {
  const [a, b] = [await connected(), await connected()];
  await a.read('search:q', { tiers: 'local' }, filled('a'));
  expect(await a.peek('search:q', 'local')).toMatchObject({ body: 'a' });
  await a.read('product:1', {}, filled('later'));
  await appears(b, 'product:1');
  expect(await b.peek('search:q')).toBeUndefined();
});

test('an invalidation by one replica makes the shared value old for a replica that never held it', async () => {
  const [a, b] = [await connected(), await connected()];
  await a.read('product:1', {}, filled('old'));
  await appears(b, 'product:1');
  await a.invalidate(tags);
  const c = await connected();
  expect(await c.peek('product:1')).toBeUndefined();
  expect(await a.peek('product:1')).toBeUndefined();
});

test('a slow fill with an invalidation in between is stored in no tier', async () => {
  const [a, b] = [await connected(), await connected()];
  const slow = Promise.withResolvers<Filled>();
  const read = a.read('product:1', {}, () => slow.promise);
  await a.invalidate(tags);
  slow.resolve({ body: 'old', tags });
  expect(await read).toMatchObject({ stored: false, entry: { body: 'old' } });
  expect(await a.peek('product:1')).toBeUndefined();
  await a.read('product:2', {}, filled('later'));
  await appears(b, 'product:2');
  expect(await b.peek('product:1')).toBeUndefined();
});

test('a replica that has not yet heard of an invalidation cannot put the old value back into Redis', async () => {
  const [a, b] = [await connected(), await connected()];
  const begun = Promise.withResolvers<void>();
  const slow = Promise.withResolvers<Filled>();
  const read = b.read('product:1', {}, () => {
    begun.resolve();
    return slow.promise;
  });
  await begun.promise;
  await a.invalidate(tags);
  slow.resolve({ body: 'old', tags });
  await read;
  await b.read('product:2', {}, () => Promise.resolve({ body: 'later', tags: ['product:2'] }));
  await appears(a, 'product:2');
  expect(await a.peek('product:1')).toBeUndefined();
  expect(await a.read('product:1', {}, filled('new'))).toMatchObject({ outcome: 'miss', entry: { body: 'new' } });
  await b.invalidate(tags);
  expect(await b.peek('product:1')).toBeUndefined();
});

test('nor displace the new value with it', async () => {
  const [a, b] = [await connected(), await connected()];
  const begun = Promise.withResolvers<void>();
  const slow = Promise.withResolvers<Filled>();
  const read = b.read('product:1', {}, () => {
    begun.resolve();
    return slow.promise;
  });
  await begun.promise;
  await a.invalidate(tags);
  await a.read('product:1', {}, filled('new'));
  await appears(create(), 'product:1');
  slow.resolve({ body: 'old', tags });
  await read;
  await b.read('product:2', {}, () => Promise.resolve({ body: 'later', tags: ['product:2'] }));
  await appears(a, 'product:2');
  expect(await appears(create(), 'product:1')).toBe('new');
});

test('the value that a replica took out of Redis obeys a later invalidation', async () => {
  const [a, b] = [await connected(), await connected()];
  await a.read('product:1', {}, filled('old'));
  await appears(b, 'product:1');
  await b.invalidate(tags);
  expect(await b.peek('product:1')).toBeUndefined();
});

test('reset() makes what Redis holds old for every replica', async () => {
  const [a, b] = [await connected(), await connected()];
  await a.read('product:1', {}, filled('old'));
  await appears(b, 'product:1');
  await b.reset();
  expect(await b.peek('product:1')).toBeUndefined();
  expect(await (await connected()).peek('product:1')).toBeUndefined();
  await b.read('product:1', {}, filled('new'));
  expect(await appears(await connected(), 'product:1')).toBe('new');
});

test('a value past its time is served stale by a replica that only finds it in Redis', async () => {
  const [a, b] = [await connected(create({ ttlMs: 400 })), await connected()];
  await a.read('product:1', {}, filled('a'));
  await appears(b, 'product:1');
  const c = await connected();
  await vi.waitFor(async () => expect(await c.peek('product:1')).toBeUndefined());
  expect(await c.read('product:1', {}, down)).toMatchObject({ outcome: 'stale', entry: { body: 'a' } });
  await expect(c.read('product:1', {}, noFill)).rejects.toThrow('nobody expected a fill');
});

test('Redis flushed, or only its versions of tags lost: a miss, then it is used again', async () => {
  const a = await connected();
  const admin = await client();
  await a.read('product:1', {}, filled('old'));
  await vi.waitFor(async () => expect(await admin.keys('*entry:product:1')).toHaveLength(1));
  const versions = await admin.keys('*tag:product:1');
  await admin.del(...versions);
  const b = await connected();
  expect(await b.peek('product:1')).toBeUndefined();
  await admin.flushall();
  expect(await b.read('product:1', {}, filled('new'))).toMatchObject({ outcome: 'miss' });
  expect(await appears(await connected(), 'product:1')).toBe('new');
  admin.disconnect();
});

test('a fill that began before Redis was flushed is not stored after it', async () => {
  const [a, admin] = [await connected(), await client()];
  const begun = Promise.withResolvers<void>();
  const slow = Promise.withResolvers<Filled>();
  const read = a.read('product:1', {}, () => {
    begun.resolve();
    return slow.promise;
  });
  await begun.promise;
  await admin.flushall();
  slow.resolve({ body: 'old', tags });
  await read;
  const b = await connected();
  expect(await b.peek('product:1')).toBeUndefined();
  admin.disconnect();
});

test('without Redis at the start everything works, and Redis is used once it is there', async () => {
  const { port } = redis;
  await redis.stop();
  const a = create();
  expect(await a.read('product:1', {}, filled('a'))).toMatchObject({ outcome: 'miss', stored: true });
  expect(await a.read('product:1', {}, noFill)).toMatchObject({ outcome: 'hit' });
  await expect(a.invalidate(tags)).resolves.toBeUndefined();
  redis = await startRedis({ port });
  await connected(a);
});

test('Redis killed: reads and invalidations go on at once', async () => {
  const a = await connected();
  await a.read('product:1', {}, filled('old'));
  await redis.stop();
  await a.invalidate(tags);
  const spent = await seconds(async () => {
    for (let id = 0; id < 100; id += 1) await a.read(`product:${id}`, {}, filled('new'));
  });
  expect(spent).toBeLessThan(1);
  expect(await a.peek('product:1')).toMatchObject({ body: 'new' });
});

test('Redis frozen: a few reads wait for its time limit, then it is left alone', async () => {
  const states: unknown[] = [];
  const listener = (state: unknown) => states.push(state);
  subscribe('souk:breaker', listener);
  const a = await connected();
  redis.freeze();
  const first = await seconds(() => a.read('frozen:0', {}, filled('a')));
  expect(first).toBeGreaterThan(0.08);
  expect(first).toBeLessThan(0.3);
  await a.read('frozen:1', {}, filled('a'));
  await a.read('frozen:2', {}, filled('a'));
  const spent = await seconds(async () => {
    for (let id = 3; id < 100; id += 1) await a.read(`frozen:${id}`, {}, filled('a'));
  });
  expect(spent).toBeLessThan(0.5);
  redis.thaw();
  await connected(a);
  unsubscribe('souk:breaker', listener);
  expect(states).toContainEqual({ target: 'redis', state: 'Open' });
  expect(states.at(-1)).toEqual({ target: 'redis', state: 'Closed' });
});

test('what was invalidated while Redis was frozen is not served when it is back, also with no reader left', async () => {
  const [a, b] = [await connected(), await connected()];
  await a.read('product:1', {}, filled('old'));
  await appears(b, 'product:1');
  redis.freeze();
  await Promise.all([a.invalidate(tags), b.invalidate(tags), a.invalidate(['product:2'])]);
  redis.thaw();
  const admin = await client();
  await vi.waitFor(async () => expect(await admin.keys('*tag:product:2')).toHaveLength(1), { timeout: 5_000 });
  admin.disconnect();
  for (const cache of [a, b, await connected()]) expect(await cache.peek('product:1')).toBeUndefined();
});

test('an invalidation that the open breaker held back is delivered before Redis is read again', async () => {
  const [a, b] = [await connected(), await connected()];
  await a.read('product:1', {}, filled('old'));
  await b.read('product:2', {}, () => Promise.resolve({ body: 'other', tags: ['product:2'] }));
  await appears(create(), 'product:2');
  redis.freeze();
  for (const key of ['x', 'y', 'z']) await a.read(key, {}, filled('a'));
  await a.invalidate(tags);
  redis.thaw();
  const seen = new Set<string | undefined>();
  const used = async () => {
    seen.add((await a.peek('product:1'))?.body);
    expect(await a.peek('product:2')).toBeDefined();
  };
  await vi.waitFor(used, { timeout: 5_000, interval: 5 });
  expect([...seen]).toEqual([undefined]);
});

test('an invalidation made while cut off from a Redis that lives on is delivered with the reconnect', async () => {
  await using link = await startLink(redis.port);
  const a = await connected(create({ redisUrl: link.url }));
  await a.read('product:1', {}, filled('old'));
  await appears(create(), 'product:1');
  link.cut();
  await a.invalidate(tags);
  link.mend();
  await vi.waitFor(
    async () => {
      const newcomer = create();
      await connected(newcomer);
      expect(await newcomer.peek('product:1')).toBeUndefined();
    },
    { timeout: 10_000 },
  );
});

test('a Redis that comes back with an old snapshot is not believed', async () => {
  await redis.stop();
  const directory = await mkdtemp(join(tmpdir(), 'souk-spec-'));
  redis = await startRedis({ directory });
  const { port } = redis;
  const [a, b] = [await connected(), await connected()];
  await a.read('product:1', {}, filled('old'));
  await appears(b, 'product:1');
  const admin = await client();
  await admin.save();
  await a.invalidate(tags);
  admin.disconnect();
  await redis.stop();
  redis = await startRedis({ directory, port });
  const returned = await client();
  expect(await returned.keys('*entry:product:1')).toHaveLength(1);
  returned.disconnect();
  for (const cache of [await connected(), await connected(a)]) expect(await cache.peek('product:1')).toBeUndefined();
  await rm(directory, { recursive: true, force: true });
});

test('a Redis that loses its connections mid-command costs one answer without it', async () => {
  const [a, admin] = [await connected(), await client()];
  await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  expect(await a.read('product:1', {}, filled('a'))).toMatchObject({ entry: { body: 'a' } });
  await connected(a);
  admin.disconnect();
});

test('an unreachable Redis raises no unhandled error and can be closed', async () => {
  const a = create({ redisUrl: 'redis://127.0.0.1:1' });
  expect(await a.read('product:1', {}, filled('a'))).toMatchObject({ outcome: 'miss' });
  await a.close();
  expect(await a.peek('product:1')).toMatchObject({ body: 'a' });
});

test('ten thousand invalidations leave the other values in place', async () => {
  const [a, b] = [await connected(), await connected()];
  await a.read('product:1', {}, filled('a'));
  await appears(b, 'product:1');
  const others = Array.from({ length: 10_000 }, (_, id) => `other:${id}`);
  await Promise.all(others.map((tag) => a.invalidate([tag])));
  expect(await a.peek('product:1')).toMatchObject({ body: 'a' });
});
