import { AppError } from '@souk/contracts';
import * as fc from 'fast-check';
import { trusted } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeCursor, encodeCursor, keysetFilter } from './cursor.ts';

const ByPrice = z.tuple([z.literal('price'), z.int(), z.string()]);
const refused = (cursor: string) => {
  try {
    decodeCursor(cursor, ByPrice);
  } catch (error) {
    return error instanceof AppError && error.code;
  }
  return 'accepted';
};

describe('a cursor', () => {
  it('reads back what was written, in characters that are safe in a URL', () => {
    const parts = z.array(z.union([z.string(), z.int()]));
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer())), (written) => {
        const cursor = encodeCursor(written);
        expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(decodeCursor(cursor, parts)).toEqual(written);
      }),
    );
  });

  it('carries an instant as its ISO string', () => {
    const at = new Date('2026-11-24T12:00:00.000Z');
    expect(decodeCursor(encodeCursor([at]), z.tuple([z.iso.datetime()]))).toEqual([at.toISOString()]);
  });

  it.each([
    ['text that was never a cursor', 'garbage'],
    ['nothing', ''],
    ['JSON of another shape', encodeCursor([1])],
    ['the cursor of another sort', encodeCursor(['name', 10, 'a'])],
    ['a value of another type', encodeCursor(['price', '10', 'a'])],
    ['an operator in place of the value', encodeCursor(['price', { $gt: '' }, 'a'])],
    ['more parts than it has', encodeCursor(['price', 10, 'a', 'b'])],
  ])('is refused with INVALID_CURSOR when it is %s', (_, cursor) => {
    expect(refused(cursor)).toBe('INVALID_CURSOR');
  });

  it('is refused, not thrown over, for any text a client may send', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(refused(text)).toBe('INVALID_CURSOR');
      }),
    );
  });
});

describe('keysetFilter', () => {
  it('selects the rows after a position, upwards', () => {
    expect(keysetFilter('price', 1, 10, 'a')).toEqual({
      price: trusted({ $gte: 10 }),
      $or: [{ price: trusted({ $gt: 10 }) }, { price: 10, _id: trusted({ $gt: 'a' }) }],
    });
  });

  it('selects the rows after a position, downwards', () => {
    expect(keysetFilter('price', -1, 10, 'a')).toEqual({
      price: trusted({ $lte: 10 }),
      $or: [{ price: trusted({ $lt: 10 }) }, { price: 10, _id: trusted({ $lt: 'a' }) }],
    });
  });
});
