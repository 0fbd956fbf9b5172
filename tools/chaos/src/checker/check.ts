import type { Evidence, Finding, Invariant } from './evidence.ts';
import * as keys from './keys.ts';
import * as moves from './moves.ts';
import * as orders from './orders.ts';
import * as stock from './stock.ts';
import { oneUserPerEmail } from './users.ts';

/** Everything that must hold after a run, in the words of the promise. */
export const invariants = {
  'stock is conserved': stock.stockIsConserved,
  'stock is never negative': stock.stockIsNeverNegative,
  'no hold is left': stock.noHoldIsLeft,
  'stock of a cancelled order is back, once': stock.cancelledStockIsBackOnce,
  'an acknowledged order stands as it was shown': orders.acknowledgedOrdersStand,
  'an order is readable by its owner': orders.ordersAreReadable,
  'an order has the lines that were asked for': orders.ordersAreAsAsked,
  'no order without an invocation': orders.everyOrderWasAskedFor,
  'total = Σ price × quantity': orders.totalsAddUp,
  'at most one order per key': keys.oneOrderPerKey,
  'replies of a key are identical': keys.repliesOfKeyAreIdentical,
  'a standing order is replayed': keys.standingOrdersAreReplayed,
  'a key is refused another body, and only that': keys.otherBodiesAreRefused,
  'a refused key has no order': keys.refusedKeysHaveNoOrder,
  'every key becomes known after the heal': keys.keysBecomeKnown,
  'histories are legal': moves.historiesAreLegal,
  'cancellations are finished': moves.cancellationsAreFinished,
  'no move without an invocation': moves.everyMoveWasAskedFor,
  'an acknowledged move stands': moves.acknowledgedMovesStand,
  'one user per e-mail': oneUserPerEmail,
} as const satisfies Record<string, Invariant>;

export type Verdict = { invariant: string } & Finding;

/** Judges a run. */
export const check = (evidence: Evidence): Verdict[] =>
  Object.entries(invariants).map(([invariant, judge]) => Object.assign({ invariant }, judge(evidence)));
