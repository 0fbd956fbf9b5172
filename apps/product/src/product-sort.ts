import { Id, Price, type ProductSort } from '@souk/contracts';
import { decodeCursor, type Direction, encodeCursor } from '@souk/mongo';
import { z } from 'zod';
import type { ProductDocument } from './product.schema.ts';

type SortField = 'createdAt' | 'price' | 'nameKey';

const sorts = {
  createdAt: { field: 'createdAt', direction: 1 },
  '-createdAt': { field: 'createdAt', direction: -1 },
  price: { field: 'price', direction: 1 },
  '-price': { field: 'price', direction: -1 },
  name: { field: 'nameKey', direction: 1 },
  '-name': { field: 'nameKey', direction: -1 },
} as const satisfies Record<ProductSort, { field: SortField; direction: Direction }>;

const sortValues = {
  createdAt: z.iso.datetime().transform((instant) => new Date(instant)),
  price: Price,
  nameKey: z.string(),
} as const satisfies Record<SortField, z.ZodType>;

/** The stored field a sort reads, and which way. */
export const sortOf = (sort: ProductSort) => sorts[sort];

/** The cursor of a list that ends at `row`. */
export function cursorAfter(sort: ProductSort, { _id, ...values }: Pick<ProductDocument, SortField | '_id'>): string {
  return encodeCursor([sort, values[sorts[sort].field], _id]);
}

/** Where a list goes on. Throws `INVALID_CURSOR`, also for the cursor of another sort. */
export function readCursor(sort: ProductSort, cursor: string) {
  const schema = z.tuple([z.literal(sort), sortValues[sorts[sort].field], Id]);
  const [, value, id] = decodeCursor(cursor, schema);
  return { value, id };
}
