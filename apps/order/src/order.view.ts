import type { Order } from '@souk/contracts';
import type { OrderDocument } from './order.schema.ts';

export const toOrder = ({ _id, status, currency, total, items, createdAt }: OrderDocument): Order => ({
  id: _id,
  status,
  currency,
  total,
  items,
  createdAt: createdAt.toISOString(),
});

/** The order as it was when it was placed: the answer to a try stays the same whatever has become of the order since. */
export const toPlacedOrder = (order: OrderDocument): Order => toOrder({ ...order, status: 'confirmed' });
