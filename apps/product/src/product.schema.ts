import { Schema } from 'mongoose';

/** Stock taken by one delivery of a reserve message, until an order or a give-back decides over it (DESIGN §5). */
export interface Hold {
  attempt: string;
  orderId: string;
  userId: string;
  q: number;
  at: Date;
}

export interface ProductDocument {
  _id: string;
  name: string;
  description?: string | undefined;
  category: string;
  brand?: string | undefined;
  /** Minor units. */
  price: number;
  /** What can still be sold; what is held has left it already. */
  stock: number;
  /** Counts every change, stock included. */
  revision: number;
  /** Removed from the catalogue; kept because holds and orders name it. */
  archived: boolean;
  /** What the name is sorted by. */
  nameKey: string;
  /** What the search finds it by. */
  terms: string[];
  holds: Hold[];
  /** Cancelled orders whose stock has come back and whose ledger entry is being written. */
  restocks: string[];
  /** How often stock came back so far. */
  restocked: number;
  createdAt: Date;
  updatedAt: Date;
}

const holdSchema = new Schema<Hold>(
  {
    attempt: { type: String, required: true },
    orderId: { type: String, required: true },
    userId: { type: String, required: true },
    q: { type: Number, required: true },
    at: { type: Date, required: true },
  },
  { _id: false },
);

export const PRODUCT = 'Product';

export const productSchema = new Schema<ProductDocument>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    description: String,
    category: { type: String, required: true },
    brand: String,
    price: { type: Number, required: true },
    stock: { type: Number, required: true },
    revision: { type: Number, required: true },
    archived: { type: Boolean, required: true },
    // Not required: a name may fold to nothing, and `required` refuses the empty string.
    nameKey: String,
    terms: { type: [String], required: true },
    holds: { type: [holdSchema], required: true },
    restocks: { type: [String], required: true },
    restocked: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'products', versionKey: false },
);

// Each sort is one index read either way, with and without a category before it; the id makes its order total.
// Stock has no index: every order would have to move its entry.
for (const field of ['createdAt', 'price', 'nameKey'] as const) {
  productSchema.index({ [field]: 1, _id: 1 });
  productSchema.index({ category: 1, [field]: 1, _id: 1 });
}
// What the sweeper asks for: holds that are too old.
productSchema.index({ 'holds.at': 1 });
// Not a text index: not every MongoDB-wire server has one (FACTS).
productSchema.index({ terms: 1 });
