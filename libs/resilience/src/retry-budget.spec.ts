import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RetryBudget } from './retry-budget.ts';

describe('RetryBudget', () => {
  it('starts full, and allows one retry for ten calls when it is spent', () => {
    const sut = new RetryBudget();
    for (let i = 0; i < 10; i++) expect(sut.spend()).toBe(true);
    expect(sut.spend()).toBe(false);
    for (let i = 0; i < 11; i++) sut.earn();
    expect(sut.spend()).toBe(true);
    expect(sut.spend()).toBe(false);
  });

  it('never allows more than the cap and a tenth of the calls, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 500 }), (moves) => {
        const sut = new RetryBudget();
        let calls = 0;
        let retries = 0;
        for (const isCall of moves) {
          if (isCall) {
            sut.earn();
            calls += 1;
          } else if (sut.spend()) retries += 1;
          expect(retries).toBeLessThanOrEqual(10 + calls * 0.1 + 1e-9);
          expect(sut.left).toBeLessThanOrEqual(10);
        }
      }),
    );
  });
});
