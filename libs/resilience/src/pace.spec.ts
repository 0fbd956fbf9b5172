import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';

function measured(perSecond: number, seconds: number, isBusy: boolean): Pace {
  let now = 0;
  const pace = new Pace(() => now);
  for (let i = 0; i < perSecond * seconds; i++) {
    now += 1_000 / perSecond;
    pace.ended(isBusy);
  }
  return pace;
}

describe('the pace of a queue', () => {
  it('is what ended of late, while somebody waited', () => {
    // 400 a second: 40 others take 100 ms.
    expect(measured(400, 2, true).waitOf(40)).toBeCloseTo(100, -1);
    expect(measured(100, 2, true).waitOf(40)).toBeCloseTo(400, -2);
  });

  it('is not known from a quiet time, and then nobody is refused for it', () => {
    expect(measured(10, 5, false).waitOf(1_000)).toBe(0);
  });
});
