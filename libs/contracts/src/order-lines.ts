import { validationFailed } from './errors.ts';
import { type OrderLine, Quantity } from './product.ts';

/**
 * One line per product. Throws `VALIDATION_FAILED` where the lines of a product together ask for more than one line
 * may.
 */
export function mergeLines(lines: readonly OrderLine[]): OrderLine[] {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  const merged = Array.from(quantities, ([productId, quantity]) => ({ productId, quantity }));
  const tooMany = merged.find(({ quantity }) => !Quantity.safeParse(quantity).success);
  if (!tooMany) return merged;
  throw validationFailed([{ field: 'items', message: `Too many of product ${tooMany.productId} together.` }]);
}
