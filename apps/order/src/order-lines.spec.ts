import { AppError, MAX_PRICE_MINOR, type OrderLine } from '@souk/contracts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';
import { canonicalLines, totalOf } from './order-lines.ts';

const productId = fc.integer({ min: 0, max: 9 }).map((n) => n.toString(16).padStart(24, '0'));
// At most 50 × 20 = 1,000 of a product once merged: as much as an order may take.
const line: fc.Arbitrary<OrderLine> = fc.record({ productId, quantity: fc.integer({ min: 1, max: 20 }) });
const lines = fc.array(line, { minLength: 1, maxLength: 50 });
const priced = fc.array(
  fc.record({
    productId,
    name: fc.constant('Widget'),
    price: fc.integer({ min: 0, max: MAX_PRICE_MINOR }),
    quantity: fc.integer({ min: 1, max: 1_000 }),
  }),
  { maxLength: 50 },
);
const [a, b] = ['a'.repeat(24), 'b'.repeat(24)] as const;
const print = (items: readonly OrderLine[]) => fingerprintOf(canonicalLines(items));

describe('canonicalLines', () => {
  it('merges the lines of one product and sorts by product', () => {
    const items = [
      { productId: b, quantity: 1 },
      { productId: a, quantity: 2 },
      { productId: b, quantity: 3 },
    ];
    expect(canonicalLines(items)).toEqual([
      { productId: a, quantity: 2 },
      { productId: b, quantity: 4 },
    ]);
  });

  it('keeps the quantity of each product, and names each product once', () => {
    fc.assert(
      fc.property(lines, (items) => {
        const canonical = canonicalLines(items);
        expect(new Set(canonical.map((each) => each.productId)).size).toBe(canonical.length);
        for (const { productId, quantity } of canonical) {
          const asked = items.filter((each) => each.productId === productId);
          expect(quantity).toBe(asked.reduce((sum, each) => sum + each.quantity, 0));
        }
      }),
    );
  });

  it('refuses more of one product than one line may take, naming it', () => {
    const items = [
      { productId: a, quantity: 600 },
      { productId: a, quantity: 401 },
    ];
    expect(() => canonicalLines(items)).toThrow(AppError);
    expect(() => canonicalLines(items)).toThrow(a);
  });
});

describe('fingerprintOf', () => {
  it('is the same however the lines are ordered and split', () => {
    const shuffled = lines.chain((items) =>
      fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length, maxLength: items.length })),
    );
    fc.assert(
      fc.property(shuffled, ([items, other]) => {
        const split = other.flatMap(({ productId, quantity }) =>
          quantity > 1
            ? [
                { productId, quantity: 1 },
                { productId, quantity: quantity - 1 },
              ]
            : [{ productId, quantity }],
        );
        expect(print(other)).toBe(print(items));
        expect(print(split)).toBe(print(items));
      }),
    );
  });

  it('differs wherever the canonical lines differ', () => {
    fc.assert(
      fc.property(lines, lines, (one, other) => {
        const same = JSON.stringify(canonicalLines(one)) === JSON.stringify(canonicalLines(other));
        expect(print(one) === print(other)).toBe(same);
      }),
    );
  });

  it('is 64 hexadecimal digits that never change for a given body', () => {
    expect(print([{ productId: a, quantity: 1 }])).toMatch(/^[0-9a-f]{64}$/);
    expect(print([{ productId: a, quantity: 2 }])).toBe(
      '82a06cf4476cd55497378dfd90fdfdffc3867317c47e8fcaaaabaea2ad79636b',
    );
  });
});

describe('totalOf', () => {
  it('is the exact sum of price times quantity', () => {
    fc.assert(
      fc.property(priced, (items) => {
        const exact = items.reduce((sum, { price, quantity }) => sum + BigInt(price) * BigInt(quantity), 0n);
        expect(BigInt(totalOf(items))).toBe(exact);
      }),
    );
  });

  it('is exact for the largest order there can be', () => {
    const largest = { productId: a, name: 'Widget', price: MAX_PRICE_MINOR, quantity: 1_000 };
    const total = totalOf(Array.from({ length: 50 }, () => largest));
    expect(total).toBe(4_999_999_950_000);
    expect(Number.isSafeInteger(total)).toBe(true);
  });
});
