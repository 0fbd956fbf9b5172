import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, test, vi } from 'vitest';
import { Generations } from './generations.ts';
import { LocalTier } from './local-tier.ts';
import { type Filled, storedEntry } from './cache-entry.ts';
import { TieredCache } from './tiered-cache.ts';

class Unavailable extends Error {}
class NotFound extends Error {}

const options = {
  prefix: 'spec',
  ttlMs: 60_000,
  graceMs: 60_000,
  serveStaleOn: (error: unknown) => error instanceof Unavailable,
};
const tags = ['product:1'];
const filled = (body: string) => () => Promise.resolve({ body, tags });
const failing = (error: Error) => async () => {
  throw error;
};
const entry = (body: string, id: number) => storedEntry({ body, tags: [`product:${id}`] }, 60_000);

test('a value is filled once and then answered from the process', async () => {
  const cache = TieredCache.create(options);
  const first = await cache.read('product:1', {}, filled('a'));
  const second = await cache.read('product:1', {}, filled('b'));
  expect(first).toMatchObject({ outcome: 'miss', stored: true, entry: { body: 'a' } });
  expect(second).toMatchObject({ outcome: 'hit', entry: { body: 'a', etag: first.entry.etag } });
  expect(first.entry.etag).toMatch(/^"[\w-]{43}"$/);
  expect(await cache.peek('product:1')).toMatchObject({ body: 'a' });
});

test('a hundred readers at once share one fill', async () => {
  const cache = TieredCache.create(options);
  const fill = vi.fn<() => Promise<Filled>>(filled('a'));
  const reads = await Promise.all(Array.from({ length: 100 }, () => cache.read('product:1', {}, fill)));
  expect(fill).toHaveBeenCalledOnce();
  expect(reads.every(({ entry }) => entry.body === 'a')).toBe(true);
});

test('a failing fill runs once for all its readers, gives each the same error, and leaves the key usable', async () => {
  const cache = TieredCache.create(options);
  const error = new NotFound();
  const fill = vi.fn<() => Promise<Filled>>(failing(error));
  const reads = await Promise.allSettled(Array.from({ length: 50 }, () => cache.read('product:1', {}, fill)));
  expect(fill).toHaveBeenCalledOnce();
  expect(reads.every((read) => read.status === 'rejected' && read.reason === error)).toBe(true);
  expect(await cache.read('product:1', {}, filled('a'))).toMatchObject({ outcome: 'miss', entry: { body: 'a' } });
});

test('an invalidated value is filled anew, and others stay', async () => {
  const cache = TieredCache.create(options);
  await cache.read('product:1', {}, filled('a'));
  await cache.read('product:2', {}, () => Promise.resolve({ body: 'x', tags: ['product:2'] }));
  await cache.invalidate(['product:1']);
  expect(await cache.peek('product:1')).toBeUndefined();
  expect(await cache.peek('product:2')).toMatchObject({ body: 'x' });
  expect(await cache.read('product:1', {}, filled('b'))).toMatchObject({ outcome: 'miss', entry: { body: 'b' } });
});

test('a fill that an invalidation overtook answers those who waited, not those who came after, and is not stored', async () => {
  const cache = TieredCache.create(options);
  const old = Promise.withResolvers<Filled>();
  const fill = vi.fn<() => Promise<Filled>>(filled('new'));
  const before = cache.read('list', {}, () => old.promise);
  await cache.invalidate(tags);
  const after = [cache.read('list', {}, fill), cache.read('list', {}, fill)];
  old.resolve({ body: 'old', tags });
  expect(await before).toMatchObject({ outcome: 'miss', stored: false, entry: { body: 'old' } });
  for (const read of await Promise.all(after)) expect(read.entry.body).toBe('new');
  expect(fill).toHaveBeenCalledOnce();
  expect(await cache.peek('list')).toMatchObject({ body: 'new' });
});

test('a fill is kept when only tags that it does not carry were invalidated meanwhile', async () => {
  const cache = TieredCache.create(options);
  const slow = Promise.withResolvers<Filled>();
  const read = cache.read('list', {}, () => slow.promise);
  await cache.invalidate(['product:2']);
  const late = cache.read('list', {}, filled('not asked'));
  slow.resolve({ body: 'a', tags });
  expect(await read).toMatchObject({ stored: true });
  expect(await late).toMatchObject({ entry: { body: 'a' } });
});

test('reset() makes all that was held or under way old', async () => {
  const cache = TieredCache.create(options);
  const slow = Promise.withResolvers<Filled>();
  await cache.read('product:1', {}, filled('a'));
  const read = cache.read('list', {}, () => slow.promise);
  await cache.reset();
  slow.resolve({ body: 'old', tags: [] });
  expect(await read).toMatchObject({ stored: false });
  expect(await cache.peek('list')).toBeUndefined();
  expect(await cache.peek('product:1')).toBeUndefined();
});

test('when the owner is down an expired or invalidated value stands in, marked stale, until its grace is over', async () => {
  vi.useFakeTimers();
  try {
    const cache = TieredCache.create(options);
    await cache.read('product:1', { ttlMs: 1_000 }, filled('a'));
    const down = () => cache.read('product:1', {}, failing(new Unavailable()));
    expect(await down()).toMatchObject({ outcome: 'hit' });
    vi.advanceTimersByTime(1_001);
    expect(await down()).toMatchObject({ outcome: 'stale', entry: { body: 'a' } });
    await cache.invalidate(tags);
    expect(await down()).toMatchObject({ outcome: 'stale', entry: { body: 'a' } });
    expect(await cache.peek('product:1')).toBeUndefined();
    vi.advanceTimersByTime(options.graceMs);
    await expect(down()).rejects.toBeInstanceOf(Unavailable);
  } finally {
    vi.useRealTimers();
  }
});

test('an error that says something about the value is answered, whatever is held', async () => {
  const cache = TieredCache.create(options);
  await cache.read('product:1', {}, filled('a'));
  await cache.invalidate(tags);
  await expect(cache.read('product:1', {}, failing(new NotFound()))).rejects.toBeInstanceOf(NotFound);
});

test('a read may shorten the time to live and not lengthen it', async () => {
  vi.useFakeTimers();
  try {
    const cache = TieredCache.create(options);
    await cache.read('product:1', { ttlMs: options.ttlMs * 10 }, filled('a'));
    vi.advanceTimersByTime(options.ttlMs);
    expect(await cache.peek('product:1')).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});

test('every answered read is announced with its outcome, tier and class of key', async () => {
  const facts: unknown[] = [];
  const listener = (fact: unknown) => facts.push(fact);
  subscribe('souk:cache', listener);
  const cache = TieredCache.create(options);
  await cache.peek('product:1');
  await cache.read('product:1', {}, filled('a'));
  await cache.peek('product:1');
  await cache.invalidate(tags);
  await cache.read('product:1', {}, failing(new Unavailable()));
  unsubscribe('souk:cache', listener);
  expect(facts).toEqual([
    { outcome: 'miss', tier: 'origin', keyClass: 'product' },
    { outcome: 'hit', tier: 'local', keyClass: 'product' },
    { outcome: 'stale', tier: 'local', keyClass: 'product' },
  ]);
});

test('the memory of invalidations is bounded, and what it forgot counts as invalidated', () => {
  const generations = new Generations();
  const before = generations.now;
  generations.invalidate(['first']);
  for (let id = 0; id < 30_000; id += 1) generations.invalidate([`product:${id}`]);
  expect(generations.size).toBe(10_000);
  expect(generations.changedSince(before, ['first'])).toBe(true);
  expect(generations.changedSince(before, [])).toBe(true);
  expect(generations.changedSince(generations.now, ['product:29999'])).toBe(false);
});

test('the process tier is bounded in entries and bytes, and its index of tags goes with the entries', () => {
  const local = new LocalTier({ maxEntries: 100, maxBytes: 10_000, graceMs: 0 });
  for (let id = 0; id < 10_000; id += 1) local.set(`product:${id}`, entry('a', id));
  expect(local.size).toEqual({ entries: 100, tags: 101 });
  for (let id = 0; id < 100; id += 1) local.set(`big:${id}`, entry('a'.repeat(990), id));
  expect(local.size.entries).toBeLessThanOrEqual(10);
  local.set('huge', entry('a'.repeat(20_000), 1));
  expect(local.kept('huge')).toBeUndefined();
  expect(local.size.tags).toBe(local.size.entries + 1);
});
