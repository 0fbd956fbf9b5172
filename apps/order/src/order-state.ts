import { AppError, OrderStatus } from '@souk/contracts';

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

/** Whether an order in state `status` has made the move to `to`; a repeated move is then no move, and no error. */
export const hasMade = (status: OrderStatus, to: OrderStatus): boolean =>
  status === to || (to === 'cancelling' && status === 'cancelled');

/** Names both states. */
export const illegalMove = (from: OrderStatus, to: OrderStatus): AppError =>
  new AppError('ORDER_STATE_CONFLICT', {
    message: `An order that is ${from} cannot become ${to === 'cancelling' ? 'cancelled' : to}.`,
    details: { from, to },
  });
