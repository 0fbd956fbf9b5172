import type { CallKind } from '../history/call.ts';
import { type Order, orderContracts } from '@souk/contracts';
import { each, groupBy, type Invariant } from './evidence.ts';
import { showCalls, showOrder } from './show.ts';

type Status = Order['status'];

/** Written down a second time on purpose: a table that is checked against itself proves nothing. */
const LEGAL: Record<Status, readonly Status[]> = {
  confirmed: ['paid', 'cancelling'],
  paid: ['shipped', 'cancelling'],
  shipped: ['delivered'],
  delivered: [],
  cancelling: ['cancelled'],
  cancelled: [],
};

/** The call that asks for a state; `confirmed` is the placing and `cancelled` follows by itself. */
const ASKED_BY: Partial<Record<Status, CallKind>> = {
  paid: 'pay',
  shipped: 'ship',
  delivered: 'deliver',
  cancelling: 'cancel',
};

export const historiesAreLegal: Invariant = ({ orders }) =>
  each(orders, (order) => {
    const states = order.history.map(({ status }) => status);
    const isLegal = states.every((status, index) => {
      const before = states[index - 1];
      return before === undefined ? status === 'confirmed' : LEGAL[before].includes(status);
    });
    if (isLegal && states.at(-1) === order.status) return undefined;
    return `${showOrder(order)}: ${states.join(' → ') || 'no history'}`;
  });

export const cancellationsAreFinished: Invariant = ({ orders, calls }) => {
  const cancels = groupBy(calls, ({ kind, orderId }) => (kind === 'cancel' ? orderId : undefined));
  return each(orders, (order) =>
    order.status === 'cancelling' ? `${showOrder(order)}; ${showCalls(cancels.get(order._id) ?? [])}` : undefined,
  );
};

/** No order moves by itself, nor by a call that was refused. */
export const everyMoveWasAskedFor: Invariant = ({ orders, calls, redeliveries }) => {
  const asked = new Set(
    calls.filter(({ outcome }) => outcome !== 'refused').map(({ kind, orderId }) => `${kind} ${orderId}`),
  );
  const { move, cancel } = orderContracts;
  const again = redeliveries.filter(({ subject }) => subject === move.subject || subject === cancel.subject);
  const redelivered = new Set(again.map(({ orderId }) => orderId));
  return each(orders, (order) => {
    const unasked = order.history.filter(({ status }) => {
      const kind = ASKED_BY[status];
      return kind !== undefined && !asked.has(`${kind} ${order._id}`);
    });
    if (unasked.length === 0 || redelivered.has(order._id)) return undefined;
    return `${showOrder(order)}: nobody asked for ${unasked.map(({ status }) => status).join(', ')}`;
  });
};

/** A move that was answered as done is in the order's history. */
export const acknowledgedMovesStand: Invariant = ({ orders, calls }) => {
  const reached = new Map(orders.map((order) => [order._id, order]));
  const moves = Object.entries(ASKED_BY).flatMap(([status, kind]) =>
    calls.filter((call) => call.kind === kind && call.outcome === 'ok').map((call) => ({ status, call })),
  );
  return each(moves, ({ status, call }) => {
    const order = reached.get(call.orderId ?? '');
    if (order?.history.some((moment) => moment.status === status)) return undefined;
    return `order ${call.orderId} was never ${status}; ${showCalls([call])}`;
  });
};
