import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Category, ProductQuery } from '@souk/contracts';
import { isOnlyDuplicateKeys, keysetFilter, unknownOutcome } from '@souk/mongo';
import { type Model, trusted } from 'mongoose';
import type { z } from 'zod';
import type { Change, Guard, ProductRow } from './product-change.ts';
import { readCursor, sortOf } from './product-sort.ts';
import { searchWords } from './product-text.ts';
import { PRODUCT, type ProductDocument } from './product.schema.ts';

const row = {
  name: 1,
  description: 1,
  category: 1,
  brand: 1,
  price: 1,
  stock: 1,
  revision: 1,
  nameKey: 1,
  createdAt: 1,
  updatedAt: 1,
} as const;

/** Greater than every character a word can go on with. */
const LAST_CHARACTER = '\u{10FFFF}';

/** The catalogue: what there is, without what is held of it. */
@Injectable()
export class ProductRepository {
  constructor(@InjectModel(PRODUCT) private readonly products: Model<ProductDocument>) {}

  /** One row more than the limit if there is a next page. */
  list(query: ProductQuery): Promise<ProductRow[]> {
    const { field, direction } = sortOf(query.sort);
    return this.products
      .find(listFilter(query), row)
      .sort({ [field]: direction, _id: direction })
      .limit(query.limit + 1)
      .lean<ProductRow[]>()
      .exec();
  }

  find(id: string): Promise<ProductRow | null> {
    return this.products.findOne({ _id: id, archived: false }, row).lean<ProductRow>().exec();
  }

  async insert(product: ProductDocument): Promise<void> {
    await this.products.create(product).catch(unknownOutcome);
  }

  /** Returns how many were new; those that exist are left as they are. */
  async insertMissing(products: ProductDocument[]): Promise<number> {
    try {
      const inserted = await this.products.insertMany(products, { ordered: false, throwOnValidationError: true });
      return inserted.length;
    } catch (error) {
      if (isOnlyDuplicateKeys(error)) return error.insertedCount;
      throw error;
    }
  }

  /**
   * Applies a change and returns the product after it, or null if its guard does not hold (any more). By `updateMany`, which
   * the driver never sends again: SecantusDB carries an update out twice whose second sending meets the first one running,
   * and stock that was added twice is nobody's.
   */
  async change(id: string, { guard, set, stockDelta }: Change): Promise<ProductRow | null> {
    const { matchedCount } = await this.products
      .updateMany(
        { _id: id, archived: false, ...guardFilter(guard) },
        { $set: { ...set, updatedAt: new Date() }, $inc: { revision: 1, ...(stockDelta && { stock: stockDelta }) } },
      )
      .catch(unknownOutcome);
    return matchedCount === 0 ? null : this.find(id).catch(unknownOutcome);
  }

  /** Returns whether there is such a product, archived before or now. */
  async archive(id: string): Promise<boolean> {
    const change = { $set: { archived: true, updatedAt: new Date() }, $inc: { revision: 1 } };
    const { matchedCount } = await this.products.updateOne({ _id: id, archived: false }, change);
    return matchedCount > 0 || (await this.products.exists({ _id: id })) !== null;
  }

  categories(): Promise<z.infer<typeof Category>[]> {
    return this.products
      .aggregate<z.infer<typeof Category>>([
        { $match: { archived: false } },
        { $group: { _id: '$category', products: { $sum: 1 } } },
        { $sort: { _id: 1 } },
        { $project: { _id: 0, name: '$_id', products: 1 } },
      ])
      .exec();
  }
}

function listFilter({ q, category, minPrice, maxPrice, inStock, sort, cursor }: ProductQuery) {
  const conditions = [
    ...(q === undefined ? [] : searchConditions(q)),
    ...(minPrice === undefined ? [] : [{ price: trusted({ $gte: minPrice }) }]),
    ...(maxPrice === undefined ? [] : [{ price: trusted({ $lte: maxPrice }) }]),
    ...(cursor === undefined ? [] : [afterCursor(sort, cursor)]),
  ];
  return {
    archived: false,
    ...(category !== undefined && { category }),
    ...(inStock !== undefined && { stock: inStock ? trusted({ $gt: 0 }) : 0 }),
    ...(conditions.length > 0 && { $and: conditions }),
  };
}

function afterCursor(sort: ProductQuery['sort'], cursor: string) {
  const { field, direction } = sortOf(sort);
  const { value, id } = readCursor(sort, cursor);
  return keysetFilter(field, direction, value, id);
}

// A text without a word in it finds nothing. The prefix is a range on one element, not an anchored regex: the two read
// the same part of the index, but SecantusDB finds nothing by a regex on a multikey index.
function searchConditions(q: string) {
  const search = searchWords(q);
  if (!search) return [{ terms: trusted({ $in: [] }) }];
  const begun = { terms: trusted({ $elemMatch: { $gte: search.prefix, $lt: search.prefix + LAST_CHARACTER } }) };
  return [...search.words.map((terms) => ({ terms })), begun];
}

const guardFilter = ({ text, revision, minStock }: Guard) => ({
  ...(text && {
    name: text.name,
    category: text.category,
    brand: text.brand ?? null,
    description: text.description ?? null,
  }),
  ...(revision !== undefined && { revision }),
  ...(minStock !== undefined && { stock: trusted({ $gte: minStock }) }),
});
