import { orderContracts } from '@souk/contracts';
import type { Call } from '../history/call.ts';
import { basketOf, each, groupBy, type Evidence, type Invariant, type OrderRow } from './evidence.ts';
import { immutablePartIn, immutablePartOf, orderIdIn } from './placed.ts';
import { showCalls, showOrder } from './show.ts';

/** Every order that was shown to somebody is in the store, with the same immutable part and its owner. */
export const acknowledgedOrdersStand: Invariant = ({ calls, orders }) => {
  const rows = byId(orders);
  return each(acknowledged(calls), (call) => {
    const row = rows.get(orderIdIn(call));
    if (!row) return `order ${orderIdIn(call)} is lost; ${showCalls([call])}`;
    if (row.userId !== call.userId) return `${showOrder(row)} belongs to ${row.userId}, not to ${call.userId}`;
    if (immutablePartOf(row) === immutablePartIn(call)) return undefined;
    return `${showOrder(row)} was shown as ${immutablePartIn(call)}; ${showCalls([call])}`;
  });
};

/** Who asks for an order after its 201 gets it. */
export const ordersAreReadable: Invariant = ({ calls }) =>
  each(
    calls.filter(({ kind, outcome }) => kind === 'get' && outcome !== 'unknown'),
    (call) => (call.status === 404 ? `order ${call.orderId} was not found; ${showCalls([call])}` : undefined),
  );

/** An order without a key that nobody saw must be some call without an answer, or a message that we delivered again. */
export const everyOrderWasAskedFor: Invariant = (evidence) => {
  const { calls, orders } = evidence;
  const shown = new Set(acknowledged(calls).map(orderIdIn));
  const keyed = keyedIds(evidence);
  const redelivered = redeliveredIds(evidence);
  const candidates = calls.filter(
    ({ kind, key, outcome }) => kind === 'place' && key === undefined && outcome === 'unknown',
  );
  const open = groupBy(candidates, ({ userId, lines = [] }) => `${userId} ${basketOf(lines)}`);
  const oldestFirst = orders.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  return each(oldestFirst, (order) => {
    if (shown.has(order._id) || keyed.has(order._id) || redelivered.has(order._id)) return undefined;
    const fitting = open.get(`${order.userId} ${basketOf(order.items)}`) ?? [];
    const index = fitting.findIndex(({ start }) => start <= order.createdAt.getTime() + 1);
    if (index < 0) return `${showOrder(order)} of user ${order.userId} was asked for by no call of unknown outcome`;
    fitting.splice(index, 1);
    return undefined;
  });
};

export const totalsAddUp: Invariant = ({ orders }) =>
  each(orders, (order) => {
    const total = order.items.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
    return total === order.total ? undefined : `${showOrder(order)}: the lines make ${total}`;
  });

/** An order has the lines that were asked for. */
export const ordersAreAsAsked: Invariant = (evidence) => {
  const rows = byId(evidence.orders);
  return each(
    acknowledged(evidence.calls).filter(({ kind }) => kind === 'place'),
    (call) => {
      const row = rows.get(orderIdIn(call));
      if (!row || basketOf(row.items) === basketOf(call.lines ?? [])) return undefined;
      return `${showOrder(row)} was asked for as ${basketOf(call.lines ?? [])}; ${showCalls([call])}`;
    },
  );
};

/** Calls whose answer shows an order of the caller's. */
const acknowledged = (calls: readonly Call[]): Call[] =>
  calls.filter(({ kind, outcome }) => outcome === 'ok' && (kind === 'place' || kind === 'get'));

const byId = (orders: readonly OrderRow[]) => new Map(orders.map((order) => [order._id, order]));

function keyedIds({ calls, orderIdOf }: Evidence): Set<string> {
  const places = calls.filter(({ kind }) => kind === 'place');
  return new Set(places.flatMap(({ userId, key }) => (userId && key ? [orderIdOf(userId, key)] : [])));
}

/** Orders of which a place message was delivered again: a try of its own, whatever the client was told of the first. */
export function redeliveredIds({ redeliveries }: Pick<Evidence, 'redeliveries'>): Set<string> {
  const places = redeliveries.filter(({ subject }) => subject === orderContracts.place.subject);
  return new Set(places.flatMap(({ orderId }) => orderId ?? []));
}
