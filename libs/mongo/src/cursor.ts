import { AppError } from '@souk/contracts';
import { trusted } from 'mongoose';
import type { z } from 'zod';

/** 1 upwards, -1 downwards. */
export type Direction = 1 | -1;

/** Packs the position of a list's last row as opaque text that is safe in a URL. A Date becomes its ISO string. */
export const encodeCursor = (parts: readonly unknown[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url');

/** Reads a cursor back. Throws `INVALID_CURSOR` for whatever `schema` does not accept: a cursor comes from outside. */
export function decodeCursor<S extends z.ZodType>(cursor: string, schema: S): z.output<S> {
  const result = schema.safeParse(parse(cursor));
  if (result.success) return result.data;
  throw new AppError('INVALID_CURSOR', { cause: result.error });
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/**
 * The rows after `(value, id)` in a list sorted by `{ [field]: direction, _id: direction }`, the order of one compound
 * index read either way. The first condition is implied by the second; stated apart it bounds the index scan.
 */
export function keysetFilter(field: string, direction: Direction, value: unknown, id: string) {
  const [beyond, from] = direction === 1 ? (['$gt', '$gte'] as const) : (['$lt', '$lte'] as const);
  return {
    [field]: trusted({ [from]: value }),
    $or: [{ [field]: trusted({ [beyond]: value }) }, { [field]: value, _id: trusted({ [beyond]: id }) }],
  };
}
