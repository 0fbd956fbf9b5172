import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { AppError, type OrderLine } from '@souk/contracts';
import { isDuplicateKey } from '@souk/mongo';
import { announceStep, remainingMs } from '@souk/platform';
import { type Model, trusted } from 'mongoose';
import { PRODUCT, type ProductDocument } from './product.schema.ts';
import { STOCK_ENTRY, type StockEntry } from './stock-ledger.schema.ts';

type Restocking = Pick<ProductDocument, 'restocks' | 'restocked'>;

/**
 * Stock that goes back on the shelf, once for each order and product for ever (DESIGN §5.6). Three updates of one document
 * each instead of one transaction: a process that dies inside of a transaction keeps its product locked for a minute.
 */
@Injectable()
export class StockLedgerRepository {
  constructor(
    @InjectModel(STOCK_ENTRY) private readonly entries: Model<StockEntry>,
    @InjectModel(PRODUCT) private readonly products: Model<ProductDocument>,
  ) {}

  /** May be repeated, also at the same time and after any step of it. Throws `PRODUCT_NOT_FOUND`. */
  async restock(orderId: string, line: OrderLine): Promise<void> {
    while (!(await this.#mark(orderId, line))) {
      if (remainingMs() <= 0) throw new AppError('DEADLINE_EXCEEDED');
    }
    announceStep('restock.marked');
    await this.#enter(orderId, line);
    announceStep('restock.entered');
    await this.products.updateOne({ _id: line.productId }, { $pull: { restocks: orderId } });
    announceStep('restock.done');
  }

  /**
   * Adds the stock and marks the product with the order, unless that was done; false if another order came in between. The
   * product is read before the ledger: a mark that is gone already has left its entry there. The update names the number of
   * restocks that was read, so one that arrives late, after any other, changes nothing.
   */
  async #mark(orderId: string, { productId, quantity }: OrderLine): Promise<boolean> {
    const product = await this.#read(productId);
    if (product.restocks.includes(orderId) || (await this.#isEntered(orderId, productId))) return true;
    const { modifiedCount } = await this.products.updateOne(
      { _id: productId, restocked: product.restocked, restocks: trusted({ $ne: orderId }) },
      { $inc: { stock: quantity, revision: 1, restocked: 1 }, $push: { restocks: orderId } },
    );
    return modifiedCount === 1;
  }

  async #read(productId: string): Promise<Restocking> {
    const product = await this.products
      .findOne({ _id: productId }, { restocks: 1, restocked: 1 })
      .read('primary')
      .readConcern('majority')
      .lean<Restocking>()
      .exec();
    if (!product) throw new AppError('PRODUCT_NOT_FOUND', { details: { productId } });
    return product;
  }

  async #isEntered(orderId: string, productId: string): Promise<boolean> {
    const entry = await this.entries
      .findOne({ _id: entryId(orderId, productId) }, { _id: 1 })
      .read('primary')
      .readConcern('majority')
      .lean()
      .exec();
    return entry !== null;
  }

  async #enter(orderId: string, { productId, quantity }: OrderLine): Promise<void> {
    const entry = { _id: entryId(orderId, productId), orderId, productId, quantity, at: new Date() };
    await this.entries.insertOne(entry).catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
    });
  }
}

const entryId = (orderId: string, productId: string): StockEntry['_id'] => `${orderId}:${productId}:restock`;
