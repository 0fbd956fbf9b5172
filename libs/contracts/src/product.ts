import { z } from 'zod';
import { contract, event } from './contract.ts';
import { Currency, Price } from './money.ts';
import { Cursor, Id, Instant, Limit, OrderId, page, text } from './scalars.ts';

const Stock = z.int().min(0).max(1_000_000);

/** What a product says of itself; the fields an admin may write. */
export const productFields = {
  name: text(200),
  description: text(2_000),
  category: text(60),
  brand: text(60),
};

export const NewProduct = z.strictObject({
  ...productFields,
  description: productFields.description.optional(),
  brand: productFields.brand.optional(),
  price: Price,
  stock: Stock,
});
export type NewProduct = z.infer<typeof NewProduct>;

/** `price` is in minor units of `currency`; `revision` counts the changes, stock included. */
export const Product = z.object({
  id: Id,
  name: z.string(),
  description: z.string().optional(),
  category: z.string(),
  brand: z.string().optional(),
  price: Price,
  currency: Currency,
  stock: z.int().min(0),
  revision: z.int().min(0),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Product = z.infer<typeof Product>;

/** A leading minus sorts downwards; equal values are ordered by id. */
export const ProductSort = z.enum(['-createdAt', 'createdAt', 'price', '-price', 'name', '-name']);
export type ProductSort = z.infer<typeof ProductSort>;

export const ProductQuery = z.strictObject({
  q: text(100).optional(),
  category: productFields.category.optional(),
  minPrice: Price.optional(),
  maxPrice: Price.optional(),
  inStock: z.boolean().optional(),
  sort: ProductSort.default('-createdAt'),
  limit: Limit,
  cursor: Cursor.optional(),
});
export type ProductQuery = z.infer<typeof ProductQuery>;

/** Stock is changed by a difference, or set outright against the revision that was read. */
const StockChange = z.union([
  z.strictObject({ delta: z.int().min(-1_000_000).max(1_000_000) }),
  z.strictObject({ set: Stock, ifRevision: z.int().min(0) }),
]);

export const ProductPatch = z.strictObject({
  ...z.strictObject({ ...productFields, price: Price }).partial().shape,
  stock: StockChange.optional(),
});
export type ProductPatch = z.infer<typeof ProductPatch>;

export const Category = z.object({ name: z.string(), products: z.int().min(0) });

export const Quantity = z.int().min(1).max(1_000);
export const OrderLine = z.strictObject({ productId: Id, quantity: Quantity });
export type OrderLine = z.infer<typeof OrderLine>;

/** A line with the name and price the product had when its stock was taken. */
export const PricedLine = z.object({ productId: Id, name: z.string(), price: Price, quantity: Quantity });
export type PricedLine = z.infer<typeof PricedLine>;

/** One delivery of a reserve message: drawn by the replica that handles it (DESIGN §5.2). */
export const Attempt = z.uuid();

/** How a reservation ended. `held`: every line is taken. `short`, `inProgress`: nothing is. */
export const Reservation = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('held'), attempt: Attempt, currency: Currency, lines: z.array(PricedLine) }),
  z.object({ outcome: z.literal('short'), productId: Id, name: z.string(), available: z.int().min(0) }),
  z.object({ outcome: z.literal('inProgress') }),
]);
export type Reservation = z.infer<typeof Reservation>;

const Holds = z.strictObject({ attempt: Attempt, productIds: z.array(Id).min(1).max(50) });
export type Holds = z.infer<typeof Holds>;

export const productContracts = {
  list: contract('product.list', {
    input: ProductQuery,
    output: page(Product),
    idempotent: true,
    actsFor: 'nobody',
    errors: ['INVALID_CURSOR'],
  }),
  get: contract('product.get', {
    input: z.strictObject({ id: Id }),
    output: Product,
    idempotent: true,
    actsFor: 'nobody',
    errors: ['PRODUCT_NOT_FOUND'],
  }),
  categories: contract('product.categories', {
    input: z.strictObject({}),
    output: z.object({ items: z.array(Category) }),
    idempotent: true,
    actsFor: 'nobody',
    errors: [],
  }),
  create: contract('product.create', {
    input: NewProduct,
    output: Product,
    idempotent: false,
    actsFor: 'admin',
    errors: [],
  }),
  /** Products that exist already (by id) are left as they are. */
  import: contract('product.import', {
    input: z.strictObject({
      products: z
        .array(NewProduct.extend({ id: Id }))
        .min(1)
        .max(200),
    }),
    output: z.object({ created: z.int().min(0) }),
    idempotent: true,
    actsFor: 'admin',
    timeoutMs: 2_400,
    errors: [],
  }),
  update: contract('product.update', {
    input: z.strictObject({ id: Id, changes: ProductPatch }),
    output: Product,
    idempotent: false,
    actsFor: 'admin',
    errors: ['PRODUCT_NOT_FOUND', 'OUT_OF_STOCK', 'PRECONDITION_FAILED'],
  }),
  /** Archives: holds and orders keep the product they name. */
  remove: contract('product.remove', {
    input: z.strictObject({ id: Id }),
    output: z.object({ id: Id }),
    idempotent: true,
    actsFor: 'admin',
    errors: ['PRODUCT_NOT_FOUND'],
  }),
  reserve: contract('product.reserve', {
    input: z.strictObject({ orderId: OrderId, userId: Id, items: z.array(OrderLine).min(1).max(50) }),
    output: Reservation,
    idempotent: false,
    actsFor: 'nobody',
    callers: ['order'],
    errors: ['PRODUCT_NOT_FOUND'],
    priority: 'order',
  }),
  /** Gives the stock of an attempt back. */
  release: contract('product.release', {
    input: Holds,
    output: z.object({}),
    idempotent: true,
    actsFor: 'nobody',
    callers: ['order'],
    errors: [],
    priority: 'order',
  }),
  /** Forgets the holds of attempts that became orders; stock stays taken. */
  settle: contract('product.settle', {
    input: z.strictObject({ holds: z.array(Holds).min(1).max(500) }),
    output: z.object({}),
    idempotent: true,
    actsFor: 'nobody',
    callers: ['order'],
    errors: [],
    priority: 'order',
  }),
  /** Puts what a cancelled order bought back on the shelf, once for ever, however often it is asked. */
  restock: contract('product.restock', {
    input: z.strictObject({ orderId: OrderId, items: z.array(OrderLine).min(1).max(50) }),
    output: z.object({}),
    idempotent: true,
    actsFor: 'nobody',
    callers: ['order'],
    errors: ['PRODUCT_NOT_FOUND'],
    priority: 'order',
  }),
};

/** What is cached under these tags is no longer true, since `at`. */
export const catalogueChanged = event('catalogue.changed', {
  payload: z.strictObject({ tags: z.array(z.string()).min(1), at: Instant.optional() }),
  publishers: ['product'],
  listeners: ['gateway'],
});
/** The tag of everything that shows a product; a list carries one for each product it shows. */
export const productTag = (id: string): string => `product:${id}`;
/** The tag of every list and search: which products there are, and in which order. */
export const CATALOGUE_TAG = 'catalogue';
