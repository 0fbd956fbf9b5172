import type { Call } from '../history/call.ts';
import { basketOf, each, groupBy, type Evidence, type Invariant } from './evidence.ts';
import { redeliveredIds } from './orders.ts';
import { orderIdIn } from './placed.ts';
import { showCalls, showOrder } from './show.ts';

/** All tries of one key of one user. */
type Tries = { userId: string; key: string; calls: Call[] };

export const oneOrderPerKey: Invariant = (evidence) =>
  each(triesIn(evidence), ({ userId, key, calls }) => {
    const shown = new Set(calls.filter(({ outcome }) => outcome === 'ok').map(orderIdIn));
    const expected = evidence.orderIdOf(userId, key);
    if (shown.size === 0 || (shown.size === 1 && shown.has(expected))) return undefined;
    return `key ${key}: answered with ${[...shown].join(', ')}, stands for ${expected}; ${showCalls(calls)}`;
  });

export const repliesOfKeyAreIdentical: Invariant = (evidence) =>
  each(triesIn(evidence), ({ key, calls }) => {
    const bodies = new Set(calls.filter(({ outcome }) => outcome === 'ok').map(({ body }) => body));
    return bodies.size <= 1 ? undefined : `key ${key}: ${[...bodies].join(' ≠ ')}; ${showCalls(calls)}`;
  });

/** After a 201 a later try is answered with the order, marked as a replay; a refusal only where others run beside it. */
export const standingOrdersAreReplayed: Invariant = (evidence) =>
  each(triesIn(evidence), ({ key, calls }) => {
    const stood = Math.min(...calls.filter(({ outcome }) => outcome === 'ok').map(({ end }) => end));
    const wrong = calls.filter((call) => call.start > stood && isWrongLater(call, calls));
    return wrong.length === 0 ? undefined : `key ${key}: ${showCalls(wrong)}; all: ${showCalls(calls)}`;
  });

/** 422 is for a body that differs from the order's, and only for that. */
export const otherBodiesAreRefused: Invariant = (evidence) => {
  const orders = new Map(evidence.orders.map((order) => [order._id, order]));
  return each(triesIn(evidence), ({ userId, key, calls }) => {
    const order = orders.get(evidence.orderIdOf(userId, key));
    const wrong = calls.filter(({ status, lines = [] }) => {
      const isSame = order !== undefined && basketOf(order.items) === basketOf(lines);
      return status === 422 && (order === undefined || isSame);
    });
    return wrong.length === 0 ? undefined : `key ${key}: ${order ? showOrder(order) : 'no order'}; ${showCalls(wrong)}`;
  });
};

/** A key all of whose tries were refused has no order, unless a message of it was delivered again. */
export const refusedKeysHaveNoOrder: Invariant = (evidence) => {
  const orders = new Map(evidence.orders.map((order) => [order._id, order]));
  const redelivered = redeliveredIds(evidence);
  const refused = triesIn(evidence).filter(({ calls }) => calls.every(({ outcome }) => outcome === 'refused'));
  return each(refused, ({ userId, key, calls }) => {
    const order = orders.get(evidence.orderIdOf(userId, key));
    return !order || redelivered.has(order._id) ? undefined : `${showOrder(order)}, refused: ${showCalls(calls)}`;
  });
};

export const keysBecomeKnown: Invariant = (evidence) => ({
  checked: triesIn(evidence).length,
  violations: evidence.unresolved.map(({ userId, key }) => {
    const tries = evidence.calls.filter((call) => call.userId === userId && call.key === key);
    return `key ${key} stayed unknown after the heal; the last: ${showCalls(tries.slice(-3))}`;
  }),
});

function triesIn({ calls }: Pick<Evidence, 'calls'>): Tries[] {
  const keyed = calls.flatMap((call) => {
    const { kind, userId, key } = call;
    return kind === 'place' && userId !== undefined && key !== undefined ? [{ userId, key, call }] : [];
  });
  return [...groupBy(keyed, ({ userId, key }) => `${userId} ${key}`).values()].flatMap((tries) => {
    const [first] = tries;
    return first ? [{ userId: first.userId, key: first.key, calls: tries.map(({ call }) => call) }] : [];
  });
}

function isWrongLater(call: Call, calls: readonly Call[]): boolean {
  if (call.outcome === 'ok') return call.replayed !== true;
  if (call.status !== 409) return false;
  return !calls.some((other) => other !== call && other.start < call.end && call.start < other.end);
}
