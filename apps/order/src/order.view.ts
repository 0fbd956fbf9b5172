import { type Order, type OrderStatus } from '@souk/contracts';
import type { OrderDocument } from './order.schema.ts';

export const toOrder = ({ _id, status, currency, total, items, createdAt, history }: OrderDocument): Order => ({
  id: _id,
  status,
  currency,
  total,
  // Field by field: an answer has the same bytes whether the order was just made or read back.
  items: items.map(({ productId, name, price, quantity }) => ({ productId, name, price, quantity })),
  createdAt: createdAt.toISOString(),
  history: history.map(({ status, at }) => ({ status, at: at.toISOString() })),
});

/** The order as it was when it was placed: the answer to a try stays the same whatever has become of the order since. */
export const toPlacedOrder = (order: OrderDocument): Order =>
  toOrder({ ...order, status: FIRST, history: [{ status: FIRST, at: order.createdAt }] });

const FIRST = 'confirmed' satisfies OrderStatus;
