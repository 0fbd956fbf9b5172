import { Schema } from 'mongoose';

/** Says that a product's stock was changed for an order, so that it is never changed for it again. Kept for ever. */
export interface StockEntry {
  _id: `${string}:${string}:restock`;
  orderId: string;
  productId: string;
  quantity: number;
  at: Date;
}

export const STOCK_ENTRY = 'StockEntry';

export const stockEntrySchema = new Schema<StockEntry>(
  {
    _id: { type: String, required: true },
    orderId: { type: String, required: true },
    productId: { type: String, required: true },
    quantity: { type: Number, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'stock_ledger', versionKey: false },
);
