import { AppError, type OrderLine, type PricedLine, type Reservation } from '@souk/contracts';
import type { Refusing } from './stock.repository.ts';

/** Why a line could not be taken. `unanswered`: perhaps it was; what the store did not confirm counts as failed. */
export type Refusal =
  | { outcome: 'unanswered'; error: unknown }
  | { outcome: 'unknown'; productId: string }
  | { outcome: 'inProgress' }
  | { outcome: 'short'; productId: string; name: string; available: number };

export type LineOutcome = { outcome: 'held'; line: PricedLine } | Refusal;

/** Why a line was refused, or undefined if it need not have been. A hold of the same order outweighs all else. */
export function explain({ productId, quantity }: OrderLine, product: Refusing | null): Refusal | undefined {
  if (product?.holds?.length) return { outcome: 'inProgress' };
  if (!product || product.archived) return { outcome: 'unknown', productId };
  const { name, stock } = product;
  return stock < quantity ? { outcome: 'short', productId, name, available: stock } : undefined;
}

// That a product is unknown will not change with waiting; that another try is running will, soon.
const gravity = ['unanswered', 'unknown', 'inProgress', 'short'] as const satisfies Refusal['outcome'][];

/** What the order is told when several lines were refused; undefined if every line is held. */
export function worstOf(outcomes: readonly LineOutcome[]): Refusal | undefined {
  for (const outcome of gravity) {
    const found = outcomes.find((line): line is Refusal => line.outcome === outcome);
    if (found) return found;
  }
  return undefined;
}

/** Throws `PRODUCT_NOT_FOUND`, or what the store failed with; the other refusals are answers. */
export function answerRefusal(refusal: Refusal): Reservation {
  if (refusal.outcome === 'unanswered') throw refusal.error;
  if (refusal.outcome !== 'unknown') return refusal;
  const { productId } = refusal;
  throw new AppError('PRODUCT_NOT_FOUND', { message: `No such product: ${productId}.`, details: { productId } });
}
