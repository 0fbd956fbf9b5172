import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeLines } from './order-lines.ts';
import type { OrderLine } from './product.ts';

const line = { productId: 'a', quantity: 3 };

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
