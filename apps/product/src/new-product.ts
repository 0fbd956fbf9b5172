import type { NewProduct } from '@souk/contracts';
import { drawId } from '@souk/mongo';
import { nameKeyOf, searchTerms } from './product-text.ts';
import type { ProductDocument } from './product.schema.ts';

/** The document of a product that is offered from now on. */
export function newProduct(product: NewProduct, id = drawId()): ProductDocument {
  const now = new Date();
  return {
    ...product,
    _id: id,
    revision: 0,
    archived: false,
    nameKey: nameKeyOf(product.name),
    terms: searchTerms(product),
    holds: [],
    restocks: [],
    restocked: 0,
    createdAt: now,
    updatedAt: now,
  };
}
