import { AppError, type ProductPatch } from '@souk/contracts';
import type { ProductDocument } from './product.schema.ts';
import { nameKeyOf, type ProductText, searchTerms } from './product-text.ts';

/** A product as the catalogue reads it: without its holds and search terms. */
export type ProductRow = Omit<ProductDocument, 'archived' | 'holds' | 'restocks' | 'restocked' | 'terms'>;

/** What must still be true of the product when the change is applied. */
export interface Guard {
  /** The texts its terms were derived from. Not the revision: orders move that all the time. */
  text?: ProductText;
  revision?: number;
  minStock?: number;
}

export interface Change {
  guard: Guard;
  set: Partial<Omit<ProductDocument, '_id' | 'holds' | 'restocks' | 'restocked' | 'archived'>>;
  stockDelta: number;
}

/** What a patch does to `current`. Throws `OUT_OF_STOCK`, `PRECONDITION_FAILED`. */
export function planChange(current: ProductRow, { stock, ...fields }: ProductPatch): Change {
  const text = planText(current, fields);
  const plan = planStock(current, stock);
  return {
    guard: { ...text.guard, ...plan.guard },
    set: { ...fields, ...text.set, ...plan.set },
    stockDelta: plan.stockDelta,
  };
}

/** Whether a list may show other products, or in another order, after the change; stock alone moves none. */
export const touchesListing = (changes: ProductPatch): boolean => Object.keys(changes).some((key) => key !== 'stock');

const textOf = ({ name, brand, category, description }: ProductText): ProductText => ({
  name,
  brand,
  category,
  description,
});

function planText(current: ProductRow, fields: Omit<ProductPatch, 'stock'>): Pick<Change, 'guard' | 'set'> {
  const { price: _, ...changed } = fields;
  if (Object.keys(changed).length === 0) return { guard: {}, set: {} };
  const after = { ...textOf(current), ...changed };
  return { guard: { text: textOf(current) }, set: { terms: searchTerms(after), nameKey: nameKeyOf(after.name) } };
}

function planStock(current: ProductRow, stock: ProductPatch['stock']): Change {
  if (!stock) return { guard: {}, set: {}, stockDelta: 0 };
  if ('set' in stock) {
    if (stock.ifRevision !== current.revision) throw new AppError('PRECONDITION_FAILED');
    return { guard: { revision: stock.ifRevision }, set: { stock: stock.set }, stockDelta: 0 };
  }
  if (current.stock + stock.delta < 0) throw outOfStock(current);
  return { guard: { minStock: -stock.delta }, set: {}, stockDelta: stock.delta };
}

function outOfStock({ _id, name, stock }: ProductRow): AppError {
  const message = `Not enough stock: ${stock} of ${name} left.`;
  return new AppError('OUT_OF_STOCK', { message, details: { productId: _id, name, available: stock } });
}
