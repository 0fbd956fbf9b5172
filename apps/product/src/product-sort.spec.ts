import { Cursor, ProductSort } from '@souk/contracts';
import { encodeCursor } from '@souk/mongo';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameKeyOf } from './product-text.ts';
import { cursorAfter, readCursor } from './product-sort.ts';

const id = '0123456789abcdef01234567';
const rows = fc.record({
  _id: fc.constant(id),
  createdAt: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
  price: fc.integer({ min: 0, max: 99_999_999 }),
  nameKey: fc.string({ unit: 'grapheme', maxLength: 200 }).map(nameKeyOf),
});
const refusal = (cursor: string) => {
  try {
    return readCursor('price', cursor);
  } catch (error) {
    return error;
  }
};

describe('the cursor of a product list', () => {
  it('carries the sort value and id of the last row, for every sort and row', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...ProductSort.options), (row, sort) => {
        const cursor = cursorAfter(sort, row);
        const values = { createdAt: row.createdAt, price: row.price, name: row.nameKey };
        expect(readCursor(sort, cursor)).toEqual({
          value: Object.entries(values).find(([name]) => sort.endsWith(name))?.[1],
          id,
        });
        expect(Cursor.safeParse(cursor).success).toBe(true);
      }),
    );
  });

  it('fits the contract for the longest name of the widest characters', () => {
    const row = { _id: id, createdAt: new Date(), price: 0, nameKey: nameKeyOf('𠮷'.repeat(100)) };
    expect(Cursor.safeParse(cursorAfter('-name', row)).success).toBe(true);
  });

  it.each([
    ['of another sort', ['-price', 100, id]],
    ['with a value of another type', ['price', '100', id]],
    ['with an operator for a value', ['price', { $gt: 0 }, id]],
    ['with an id that is none', ['price', 100, 'x']],
    ['that is not a list', []],
  ])('is refused if it is one %s', (_, parts) => {
    expect(refusal(encodeCursor(parts))).toMatchObject({ code: 'INVALID_CURSOR' });
  });

  it('is refused if its instant is not one', () => {
    expect(() => readCursor('createdAt', encodeCursor(['createdAt', '2026-02-31T00:00:00.000Z', id]))).toThrow(
      'cursor',
    );
  });
});
