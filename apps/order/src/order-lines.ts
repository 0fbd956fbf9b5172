import { type OrderLine, type PricedLine, Quantity, validationFailed } from '@souk/contracts';

/**
 * The canonical form of what is ordered: the lines of one product merged, sorted by product.
 * Throws `VALIDATION_FAILED` where merging makes more than one order may take of a product.
 */
export function canonicalLines(lines: readonly OrderLine[]): OrderLine[] {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  const merged = Array.from(quantities, ([productId, quantity]) => ({ productId, quantity }));
  const tooMany = merged.find(({ quantity }) => !Quantity.safeParse(quantity).success);
  if (tooMany)
    throw validationFailed([{ field: 'items', message: `Too many of product ${tooMany.productId} together.` }]);
  return merged.toSorted((a, b) => (a.productId < b.productId ? -1 : 1));
}

/** In minor units. Whole numbers, so the sum is exact; the largest order stays far below 2^53. */
export const totalOf = (lines: readonly PricedLine[]): number =>
  lines.reduce((total, { price, quantity }) => total + price * quantity, 0);
