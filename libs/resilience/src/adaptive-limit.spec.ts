import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { AdaptiveLimit } from './adaptive-limit.ts';

const SLOW_MS = 200;
let now = 0;
const work = (ms: number) => async () => void (now += ms);
const limit = () => new AdaptiveLimit({ min: 2, max: 32, slowMs: SLOW_MS, now: () => now });

beforeEach(() => void (now = 0));

describe('AdaptiveLimit', () => {
  it('rises by one for a round of fast work, up to its highest', async () => {
    const sut = limit();
    for (let piece = 0; piece < 3; piece++) await sut.watch(work(5));
    expect(sut.value).toBe(3);
    for (let piece = 0; piece < 1_000; piece++) await sut.watch(work(5));
    expect(sut.value).toBe(32);
  });

  it('falls by a tenth when work is slow, once for all that was under way', async () => {
    const sut = limit();
    for (let piece = 0; piece < 1_000; piece++) await sut.watch(work(5));
    const { promise, resolve } = Promise.withResolvers<void>();
    const together = Array.from({ length: 20 }, () => sut.watch(() => promise));
    now += SLOW_MS + 1;
    resolve();
    await Promise.all(together);
    expect(sut.value).toBe(28);
    await sut.watch(work(SLOW_MS + 1));
    expect(sut.value).toBe(25);
  });

  it('takes a failure for slow, however soon it came, and hands it on', async () => {
    const sut = limit();
    for (let piece = 0; piece < 1_000; piece++) await sut.watch(work(5));
    await expect(sut.watch(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(sut.value).toBe(28);
  });

  it('stays within its bounds, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 2 * SLOW_MS }), { maxLength: 200 }), async (pieces) => {
        const sut = limit();
        for (const ms of pieces) {
          await sut.watch(work(ms));
          expect(sut.value).toBeGreaterThanOrEqual(2);
          expect(sut.value).toBeLessThanOrEqual(32);
        }
      }),
    );
  });
});
