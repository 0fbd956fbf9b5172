import { OrderStatus, type PricedLine } from '@souk/contracts';
import { Schema } from 'mongoose';

/** A state an order reached; `moveId` names the request that moved it there, where one could be sent again. */
export interface Moment {
  status: OrderStatus;
  at: Date;
  moveId?: string;
}

/** Prices and `total` are in minor units of `currency`. */
export interface OrderDocument {
  _id: string;
  userId: string;
  /** The try that placed it: the holds it took carry the same mark. */
  attempt: string;
  fingerprint: string;
  status: OrderStatus;
  currency: string;
  items: PricedLine[];
  total: number;
  createdAt: Date;
  history: Moment[];
}

/** Says that an abandoned attempt may not win any more. */
export interface Tombstone {
  _id: `void:${string}`;
  userId: string;
  attempt: string;
}

/** What `{userId, attempt}` may lead to. */
export type AttemptDocument = OrderDocument | Tombstone;

export const tombstoneOf = (attempt: string, userId: string): Tombstone => ({
  _id: `void:${attempt}`,
  userId,
  attempt,
});

export const isTombstone = (document: AttemptDocument): document is Tombstone => !('status' in document);

const line = new Schema<PricedLine>(
  { productId: String, name: String, price: Number, quantity: Number },
  { _id: false, versionKey: false },
);
const moment = new Schema<Moment>({ status: String, at: Date, moveId: String }, { _id: false, versionKey: false });
const required = true;

export const OrderSchema = new Schema<OrderDocument>(
  {
    _id: String,
    userId: { type: String, required },
    attempt: { type: String, required },
    fingerprint: { type: String, required },
    status: { type: String, required, enum: OrderStatus.options },
    currency: { type: String, required },
    items: { type: [line], required },
    total: { type: Number, required },
    createdAt: { type: Date, required },
    history: { type: [moment], required },
  },
  { collection: 'orders', versionKey: false },
);

export const TombstoneSchema = new Schema<Tombstone>(
  { _id: String, userId: { type: String, required }, attempt: { type: String, required } },
  { collection: 'orders', versionKey: false },
);

// Tombstones live beside the orders because both must clash here: it decides whether an attempt may still win.
OrderSchema.index({ userId: 1, attempt: 1 }, { unique: true });
OrderSchema.index({ userId: 1, createdAt: -1, _id: -1 });
OrderSchema.index({ userId: 1, status: 1, createdAt: -1, _id: -1 });
OrderSchema.index({ status: 1 });
