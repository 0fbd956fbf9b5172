import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model, trusted } from 'mongoose';
import { type Hold, PRODUCT, type ProductDocument } from './product.schema.ts';

/** A product at the moment its stock was taken. */
export type Taken = Pick<ProductDocument, 'name' | 'price'>;
/** A product whose stock could not be taken; `holds` has one of the order that asked, if there is any. */
export type Refusing = Pick<ProductDocument, 'name' | 'stock' | 'archived'> & Partial<Pick<ProductDocument, 'holds'>>;

/** The products one attempt holds. */
export type HeldAttempt = Pick<Hold, 'attempt' | 'userId'> & { productIds: string[] };

/** Holds on stock. What changes it is one atomic update per product (DESIGN §5.2, §5.4). */
@Injectable()
export class StockRepository {
  constructor(@InjectModel(PRODUCT) private readonly products: Model<ProductDocument>) {}

  /**
   * Takes stock and leaves a hold for it, or returns null. The update names what was read, so the answer is what the
   * product was when it was taken. One findOneAndUpdate would say the same, but SecantusDB walks the whole collection
   * for it: 240 orders/s on 2,000 products instead of 1,100.
   */
  async take(productId: string, hold: Hold): Promise<Taken | null> {
    const offer = await this.products.findOne({ _id: productId }, { name: 1, price: 1 }).lean<Taken>().exec();
    if (!offer) return null;
    const takeable = {
      _id: productId,
      name: offer.name,
      price: offer.price,
      archived: false,
      stock: trusted({ $gte: hold.q }),
      'holds.attempt': trusted({ $ne: hold.attempt }),
    };
    const update = { $inc: { stock: -hold.q, revision: 1 }, $push: { holds: hold } };
    const { modifiedCount } = await this.products.updateOne(takeable, update);
    return modifiedCount === 1 ? offer : null;
  }

  /** What a refusal is explained by. */
  inspect(productId: string, orderId: string): Promise<Refusing | null> {
    const projection = { name: 1, stock: 1, archived: 1, holds: { $elemMatch: { orderId } } };
    return this.products.findOne({ _id: productId }, projection).lean<Refusing>().exec();
  }

  /** Up to `limit` attempts that hold something since before `before`, each with products it holds. */
  async heldSince(before: Date, limit: number): Promise<HeldAttempt[]> {
    const found = await this.products
      .find({ 'holds.at': trusted({ $lt: before }) }, { holds: 1 })
      .limit(limit)
      .lean<Pick<ProductDocument, '_id' | 'holds'>[]>()
      .exec();
    const held = new Map<string, HeldAttempt>();
    for (const { _id, holds } of found) {
      for (const { attempt, userId, at } of holds) {
        if (at >= before || (held.size >= limit && !held.has(attempt))) continue;
        const known = held.get(attempt) ?? { attempt, userId, productIds: [] };
        held.set(attempt, { ...known, productIds: [...known.productIds, _id] });
      }
    }
    return [...held.values()];
  }

  /** Puts back what attempts hold, archived products included. Once it is back, does nothing. */
  async giveBack(attempts: readonly string[], productIds: readonly string[]): Promise<void> {
    const isOfAttempt = { $in: ['$$hold.attempt', attempts] };
    const held = { $sum: { $map: { input: holdsWhere(isOfAttempt), as: 'hold', in: '$$hold.q' } } };
    const update = {
      stock: { $add: ['$stock', held] },
      revision: { $add: ['$revision', 1] },
      holds: holdsWhere({ $not: [isOfAttempt] }),
    };
    await this.products.updateMany(holdersOf(attempts, productIds), [{ $set: update }], { updatePipeline: true });
  }

  /** Forgets what attempts hold; it was sold. */
  async settle(attempts: readonly string[], productIds: readonly string[]): Promise<void> {
    const update = { $pull: { holds: { attempt: { $in: attempts } } } };
    await this.products.updateMany(holdersOf(attempts, productIds), update);
  }
}

const holdersOf = (attempts: readonly string[], productIds: readonly string[]) => ({
  _id: trusted({ $in: productIds }),
  'holds.attempt': trusted({ $in: attempts }),
});

const holdsWhere = (cond: object) => ({ $filter: { input: '$holds', as: 'hold', cond } });
