import type { OrderLine } from '@souk/contracts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerRefusal, explain, type LineOutcome, mergeLines, worstOf } from './reservation.policy.ts';

const line = { productId: 'a', quantity: 3 };
const product = { name: 'Lamp', stock: 5, archived: false };
const hold = { attempt: 'x', orderId: 'o', userId: 'u', q: 1, at: new Date() };

const sum = (of: OrderLine[]) => of.reduce((total, { quantity }) => total + quantity, 0);

describe('mergeLines', () => {
  it('makes one line of a product, whatever the order of the lines', () => {
    const lines = fc.array(
      fc.record({ productId: fc.constantFrom('a', 'b', 'c'), quantity: fc.integer({ min: 1, max: 20 }) }),
      {
        maxLength: 50,
      },
    );
    fc.assert(
      fc.property(lines, (lines: OrderLine[]) => {
        const merged = mergeLines(lines);
        expect(new Set(merged.map(({ productId }) => productId)).size).toBe(merged.length);
        expect(sum(merged)).toBe(sum(lines));
      }),
    );
  });

  it('refuses more of a product than one line may ask for', () => {
    expect(() => mergeLines([line, { productId: 'a', quantity: 998 }])).toThrow('items');
  });
});

describe('a line that matched nothing', () => {
  it.each([
    ['inProgress', { ...product, stock: 0, holds: [hold] }],
    ['inProgress', { ...product, archived: true, holds: [hold] }],
    ['unknown', { ...product, archived: true }],
    ['unknown', null],
    ['short', { ...product, stock: 2 }],
    [undefined, product],
  ])('is %s', (outcome, product) => {
    expect(explain(line, product)?.outcome).toBe(outcome);
  });

  it('names what is left when it is short', () => {
    expect(explain(line, { ...product, stock: 2 })).toEqual({
      outcome: 'short',
      productId: 'a',
      name: 'Lamp',
      available: 2,
    });
  });
});

describe('several refused lines', () => {
  const outcomes: LineOutcome[] = [
    { outcome: 'short', productId: 'a', name: 'Lamp', available: 0 },
    { outcome: 'held', line: { productId: 'b', name: 'Torch', price: 1, quantity: 1 } },
    { outcome: 'inProgress' },
    { outcome: 'unknown', productId: 'c' },
    { outcome: 'unanswered', error: new Error('gone') },
  ];

  it('are told in the order unanswered, unknown, in progress, short', () => {
    const told = [5, 4, 3, 2].map((length) => worstOf(outcomes.slice(0, length))?.outcome);
    expect(told).toEqual(['unanswered', 'unknown', 'inProgress', 'short']);
    expect(worstOf(outcomes.slice(1, 2))).toBeUndefined();
  });

  it('name the first short product', () => {
    const second: LineOutcome = { outcome: 'short', productId: 'z', name: 'Bulb', available: 1 };
    expect(worstOf([...outcomes.slice(0, 2), second])).toMatchObject({ productId: 'a' });
  });

  it('name an unknown product in an error, and pass on what the store failed with', () => {
    expect(() => answerRefusal({ outcome: 'unknown', productId: 'c' })).toThrow('No such product: c');
    expect(() => answerRefusal({ outcome: 'unanswered', error: new Error('gone') })).toThrow('gone');
  });
});
