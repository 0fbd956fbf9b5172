import { Injectable } from '@nestjs/common';
import { InjectConnection, InjectModel } from '@nestjs/mongoose';
import { AppError, type OrderLine } from '@souk/contracts';
import { isDuplicateKey } from '@souk/mongo';
import { announceStep, remainingMs } from '@souk/platform';
import type { ClientSession, Connection, Model } from 'mongoose';
import { PRODUCT, type ProductDocument } from './product.schema.ts';
import { STOCK_ENTRY, type StockEntry } from './stock-ledger.schema.ts';

/** Stock that goes back on the shelf, with the entry that lets it happen once (DESIGN §5.6). */
@Injectable()
export class StockLedgerRepository {
  constructor(
    @InjectConnection() private readonly connection: Connection,
    @InjectModel(STOCK_ENTRY) private readonly entries: Model<StockEntry>,
    @InjectModel(PRODUCT) private readonly products: Model<ProductDocument>,
  ) {}

  /** Both or neither, in one transaction; an entry that is there already is a success. Throws `PRODUCT_NOT_FOUND`. */
  async restock(orderId: string, line: OrderLine): Promise<void> {
    try {
      await this.connection.transaction((session) => this.#enter(orderId, line, session));
      announceStep('restock.committed');
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  async #enter(orderId: string, { productId, quantity }: OrderLine, session: ClientSession): Promise<void> {
    // Others write to the product too, and the driver starts a transaction anew for two minutes; nobody waits that long.
    if (remainingMs() <= 0) throw new AppError('DEADLINE_EXCEEDED');
    const entry: StockEntry = { _id: `${orderId}:${productId}:restock`, orderId, productId, quantity, at: new Date() };
    await this.entries.insertOne(entry, { session });
    announceStep('restock.entered');
    const restock = { $inc: { stock: quantity, revision: 1 } };
    const { matchedCount } = await this.products.updateOne({ _id: productId }, restock, { session });
    if (matchedCount === 0) throw new AppError('PRODUCT_NOT_FOUND', { details: { productId } });
  }
}
