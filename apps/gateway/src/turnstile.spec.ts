import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Turnstile } from './turnstile.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('lets one through at once, and those who come with it one after the other, in their order', () => {
  const turnstile = new Turnstile(2, 10);
  const through: number[] = [];
  for (const visitor of [1, 2, 3]) turnstile.enter(() => through.push(visitor));
  expect(through).toEqual([1]);
  vi.advanceTimersByTime(2);
  expect(through).toEqual([1, 2]);
  vi.advanceTimersByTime(2);
  expect(through).toEqual([1, 2, 3]);
});

it('keeps its pause after the last one, and is free again then', () => {
  const turnstile = new Turnstile(2, 10);
  const go = vi.fn<() => void>();
  turnstile.enter(go);
  vi.advanceTimersByTime(1);
  turnstile.enter(go);
  expect(go).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(10);
  expect(go).toHaveBeenCalledTimes(2);
  turnstile.enter(go);
  expect(go).toHaveBeenCalledTimes(3);
});

it('goes on after one that throws', () => {
  const turnstile = new Turnstile(2, 10);
  const go = vi.fn<() => void>();
  expect(() =>
    turnstile.enter(() => {
      throw new Error('broken');
    }),
  ).toThrow('broken');
  turnstile.enter(go);
  vi.advanceTimersByTime(2);
  expect(go).toHaveBeenCalledOnce();
});

it('turns away whom too many are ahead of', () => {
  const turnstile = new Turnstile(2, 2);
  const go = vi.fn<() => void>();
  expect([1, 2, 3, 4].map(() => turnstile.enter(go))).toEqual([true, true, true, false]);
  vi.advanceTimersByTime(20);
  expect(go).toHaveBeenCalledTimes(3);
  expect(turnstile.enter(go)).toBe(true);
});
