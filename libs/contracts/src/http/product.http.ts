import { z } from 'zod';
import { endpoint, fromQuery } from '../endpoint.ts';
import { FieldError } from '../errors.ts';
import { Currency, DecimalAmount, DecimalPrice, toDecimal } from '../money.ts';
import { Category, NewProduct, Product, productFields, ProductQuery } from '../product.ts';
import { Id, Limit, page } from '../scalars.ts';

/** A product as the API shows it: the price a decimal number. */
export const ProductView = Product.omit({ revision: true })
  .extend({ price: DecimalAmount, currency: Currency })
  .meta({ id: 'Product' });
export type ProductView = z.infer<typeof ProductView>;

export function toProductView({ revision: _, price, ...product }: Product): ProductView {
  return { ...product, price: toDecimal(price) };
}

const ProductListQuery = ProductQuery.extend({
  minPrice: fromQuery(DecimalPrice).optional(),
  maxPrice: fromQuery(DecimalPrice).optional(),
  inStock: fromQuery(z.boolean()).optional(),
  limit: fromQuery(Limit),
}).refine(({ minPrice = 0, maxPrice = Infinity }) => minPrice <= maxPrice, {
  path: ['maxPrice'],
  message: 'Must not be less than minPrice.',
});

/** A line of an import. Without an id it gets one made of what it says, so that importing it again adds nothing. */
export const ImportedProduct = NewProduct.extend({ id: Id.optional(), price: DecimalPrice });

/** Media types of an import: one JSON object a line, or comma separated values under a line of names. */
export const IMPORT_TYPES = ['application/x-ndjson', 'text/csv'] as const;

/**
 * `created` are new, `unchanged` were there already; `errors` says of the first lines that were refused why. Lines are
 * counted from 1, the line of names of a CSV file too.
 */
export const ImportReport = z
  .object({
    received: z.int().min(0),
    created: z.int().min(0),
    unchanged: z.int().min(0),
    refused: z.int().min(0),
    errors: z.array(FieldError.extend({ line: z.int().min(1) })),
  })
  .meta({ id: 'ImportReport' });
export type ImportReport = z.infer<typeof ImportReport>;

const byId = z.strictObject({ id: Id });

const ProductChanges = z
  .strictObject({
    ...z.strictObject({ ...productFields, price: DecimalPrice }).partial().shape,
    stock: NewProduct.shape.stock.optional(),
    stockDelta: z.int().min(-1_000_000).max(1_000_000).optional(),
  })
  .refine((changes) => Object.keys(changes).length > 0, 'Name at least one field to change.')
  .refine(({ stock, stockDelta }) => stock === undefined || stockDelta === undefined, {
    path: ['stockDelta'],
    message: 'Send either stock or stockDelta.',
  })
  .meta({ minProperties: 1, not: { required: ['stock', 'stockDelta'] } });
export type ProductChanges = z.output<typeof ProductChanges>;

const IfMatch = z
  .string()
  .max(1_000)
  .describe('The ETag of the product that was read; needed to set its stock outright.');

export const productEndpoints = {
  list: endpoint('GET', '/api/products', {
    summary: 'List, filter, sort and search products',
    tag: 'Products',
    access: 'public',
    query: ProductListQuery,
    response: page(ProductView),
    errors: ['INVALID_CURSOR'],
  }),
  get: endpoint('GET', '/api/products/:id', {
    summary: 'One product',
    tag: 'Products',
    access: 'public',
    params: byId,
    response: ProductView,
    errors: ['PRODUCT_NOT_FOUND'],
  }),
  create: endpoint('POST', '/api/products', {
    summary: 'Add a product',
    tag: 'Products',
    access: 'admin',
    body: NewProduct.extend({ price: DecimalPrice }),
    status: 201,
    response: ProductView,
  }),
  import: endpoint('POST', '/api/products/import', {
    summary:
      'Add many products: NDJSON or CSV, at most 16 MB, 20,000 lines and 60 s; those that exist are left as they are',
    tag: 'Products',
    access: 'admin',
    body: z.custom<AsyncIterable<Uint8Array>>(),
    consumes: IMPORT_TYPES,
    response: ImportReport,
  }),
  update: endpoint('PATCH', '/api/products/:id', {
    summary: 'Change a product; its stock by stockDelta, or outright with If-Match',
    tag: 'Products',
    access: 'admin',
    params: byId,
    headers: z.object({ 'if-match': IfMatch.optional() }),
    body: ProductChanges,
    response: ProductView,
    errors: ['PRODUCT_NOT_FOUND', 'OUT_OF_STOCK', 'PRECONDITION_REQUIRED', 'PRECONDITION_FAILED'],
  }),
  remove: endpoint('DELETE', '/api/products/:id', {
    summary: 'Archive a product',
    tag: 'Products',
    access: 'admin',
    params: byId,
    status: 204,
    response: z.undefined(),
    errors: ['PRODUCT_NOT_FOUND'],
  }),
  categories: endpoint('GET', '/api/categories', {
    summary: 'The categories and how many products each has',
    tag: 'Products',
    access: 'public',
    response: z.object({ items: z.array(Category) }),
  }),
};
