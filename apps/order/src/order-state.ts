import { AppError, OrderStatus } from '@souk/contracts';
import type { Moment, OrderDocument } from './order.schema.ts';

/** Where an order may go from each state. What has left the house can only be delivered. */
export const transitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  confirmed: ['paid', 'cancelling'],
  paid: ['shipped', 'cancelling'],
  shipped: ['delivered'],
  delivered: [],
  cancelling: ['cancelled'],
  cancelled: [],
};

/** The states an order may come from. */
export const sourcesOf = (to: OrderStatus): OrderStatus[] =>
  OrderStatus.options.filter((from) => transitions[from].includes(to));

/**
 * Whether the order has made a move; repeated it is then no move, and no error. Another move may have followed before anybody
 * looked: the one that was asked for is known by its id.
 */
export const hasMade = ({ status, history }: Pick<OrderDocument, 'status' | 'history'>, to: Moment): boolean =>
  status === to.status ||
  (to.status === 'cancelling' && status === 'cancelled') ||
  history.some(({ moveId }) => moveId !== undefined && moveId === to.moveId);

/** Names both states. */
export const illegalMove = (from: OrderStatus, to: OrderStatus): AppError =>
  new AppError('ORDER_STATE_CONFLICT', {
    message: `An order that is ${from} cannot become ${to === 'cancelling' ? 'cancelled' : to}.`,
    details: { from, to },
  });
