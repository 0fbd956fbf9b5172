import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChangeBatch } from './change-batch.ts';

describe('a batch of changes', () => {
  let told: string[][];
  let batch: ChangeBatch;

  beforeEach(() => {
    vi.useFakeTimers();
    told = [];
    batch = new ChangeBatch(500, (ids) => told.push(ids));
  });
  afterEach(() => vi.useRealTimers());

  it('tells the first change at once', () => {
    batch.add(['a']);
    expect(told).toEqual([['a']]);
  });

  it('tells what follows together, each once, when the interval is over', () => {
    for (const id of ['a', 'b', 'c', 'b']) batch.add([id]);
    vi.advanceTimersByTime(499);
    expect(told).toEqual([['a']]);
    vi.advanceTimersByTime(1);
    expect(told).toEqual([['a'], ['b', 'c']]);
  });

  it('never tells twice within an interval, however fast the changes come', () => {
    for (let ms = 0; ms < 5_000; ms += 10) {
      batch.add([`p${ms}`]);
      vi.advanceTimersByTime(10);
    }
    expect(told.length).toBeLessThanOrEqual(11); // 1 at once + 5,000 / 500
    expect(told.flat()).toHaveLength(500);
  });

  it('says nothing when nothing changed, and is quick again after a quiet time', () => {
    batch.add(['a']);
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([['a']]);
    expect(vi.getTimerCount()).toBe(0);
    batch.add(['b']);
    expect(told).toEqual([['a'], ['b']]);
  });

  it('tells what is left when it is flushed, and leaves no timer', () => {
    batch.add(['a']);
    batch.add(['b']);
    batch.flush();
    expect(told).toEqual([['a'], ['b']]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
