import { describe, expect, it } from 'vitest';
import { answerRefusal, explain, type LineOutcome, worstOf } from './reservation.policy.ts';

const line = { productId: 'a', quantity: 3 };
const product = { name: 'Lamp', stock: 5, archived: false };
const hold = { attempt: 'x', orderId: 'o', userId: 'u', q: 1, at: new Date() };

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
