import { mergeLines, type OrderLine, type PricedLine } from '@souk/contracts';

/** The canonical form of what is ordered: the lines of one product merged, sorted by product. */
export const canonicalLines = (lines: readonly OrderLine[]): OrderLine[] =>
  mergeLines(lines).toSorted((a, b) => (a.productId < b.productId ? -1 : 1));

/** In minor units. Whole numbers, so the sum is exact; the largest order stays far below 2^53. */
export const totalOf = (lines: readonly PricedLine[]): number =>
  lines.reduce((total, { price, quantity }) => total + price * quantity, 0);
