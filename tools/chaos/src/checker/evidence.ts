import type { Order, OrderLine } from '@souk/contracts';
import type { Call, Redelivery } from '../history/call.ts';

/** A product as the store holds it. */
export type ProductRow = { _id: string; stock: number; holds: { attempt: string; orderId: string; q: number }[] };

export type LedgerRow = { _id: string; orderId: string; productId: string; quantity: number };

/** An order as the store holds it; tombstones are left out. */
export type OrderRow = {
  _id: string;
  userId: string;
  status: Order['status'];
  currency: string;
  items: { productId: string; name: string; price: number; quantity: number }[];
  total: number;
  createdAt: Date;
  history: { status: Order['status']; at: Date }[];
};

/** What was seen of stocks while the run went on. */
export type Samples = { taken: number; negative: { productId: string; stock: number; at: number }[] };

/** All a verdict is drawn from. */
export type Evidence = {
  calls: readonly Call[];
  redeliveries: readonly Redelivery[];
  /** The products as they were made. */
  wares: readonly { id: string; stock: number }[];
  samples: Samples;
  products: readonly ProductRow[];
  ledger: readonly LedgerRow[];
  orders: readonly OrderRow[];
  /** The e-mail of every account. */
  emails: readonly string[];
  /** Keys that did not become known after the heal either. */
  unresolved: readonly { userId: string; key: string }[];
  /** The order a key of a user stands for. */
  orderIdOf: (userId: string, key: string) => string;
};

/** What one invariant says: how many things were looked at, and each that violates it with what shows it. */
export type Finding = { checked: number; violations: string[] };

export type Invariant = (evidence: Evidence) => Finding;

/** Looks at each of `all`; `judge` answers what is wrong, or undefined. */
export function each<T>(all: Iterable<T>, judge: (one: T) => string | undefined): Finding {
  const finding: Finding = { checked: 0, violations: [] };
  for (const one of all) {
    finding.checked += 1;
    const violation = judge(one);
    if (violation !== undefined) finding.violations.push(violation);
  }
  return finding;
}

/** One line per product, in one order, so that equal baskets are equal texts. */
export function basketOf(lines: readonly OrderLine[]): string {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  return JSON.stringify([...quantities].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Calls by what `keyOf` says; those it says nothing of are left out. */
export function groupBy<T>(all: Iterable<T>, keyOf: (one: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
