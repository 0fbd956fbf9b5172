import { each, groupBy, type Finding, type Invariant } from './evidence.ts';
import { showCalls } from './show.ts';

/** What was there and what was added is there, held or sold. An addition of unknown outcome may be in it or not. */
export const stockIsConserved: Invariant = ({ wares, products, orders, ledger, calls }) => {
  const rows = new Map(products.map((product) => [product._id, product]));
  const restocks = groupBy(calls, ({ kind, productId }) => (kind === 'restock' ? productId : undefined));
  const sold = new Map<string, number>();
  const add = (productId: string, units: number) => sold.set(productId, (sold.get(productId) ?? 0) + units);
  for (const { items } of orders) for (const { productId, quantity } of items) add(productId, quantity);
  for (const { productId, quantity } of ledger) add(productId, -quantity);
  return each(wares, ({ id, stock }) => {
    const row = rows.get(id);
    if (!row) return `product ${id} is gone`;
    const asked = restocks.get(id) ?? [];
    const certain = sum(asked.filter(({ outcome }) => outcome === 'ok').map(({ stockDelta = 0 }) => stockDelta));
    const unknown = asked.filter(({ outcome }) => outcome === 'unknown');
    const held = sum(row.holds.map(({ q }) => q));
    const units = sold.get(id) ?? 0;
    const missing = stock + certain - row.stock - held - units;
    const deltas = unknown.map(({ stockDelta = 0 }) => stockDelta);
    if (subsetSums(deltas).has(-missing)) return undefined;
    const account = `${stock} at first + ${certain} added ≠ ${row.stock} left + ${held} held + ${units} sold`;
    return `product ${id}: ${account} (${missing} missing; additions of unknown outcome: ${deltas.join(', ') || 'none'})`;
  });
};

export const stockIsNeverNegative: Invariant = ({ samples, products }) => {
  const now = products
    .filter(({ stock }) => stock < 0)
    .map(({ _id, stock }) => `product ${_id} has ${stock} at the end`);
  const seen = samples.negative.map(
    ({ productId, stock, at }) => `product ${productId} had ${stock} at ${new Date(at).toISOString()}`,
  );
  return { checked: samples.taken + products.length, violations: [...seen, ...now] };
};

export const noHoldIsLeft: Invariant = ({ products, orders }) => {
  const standing = new Set(orders.map(({ _id }) => _id));
  const holds = products.flatMap(({ _id, holds }) => holds.map((hold) => ({ productId: _id, ...hold })));
  const violations = holds.map(({ productId, attempt, orderId, q }) => {
    const whose = standing.has(orderId) ? 'which stands' : 'which does not exist';
    return `product ${productId}: ${q} held by attempt ${attempt} for order ${orderId}, ${whose}`;
  });
  return { checked: products.length, violations };
};

/** Stock of a cancelled order goes back once, that of others never. */
export const cancelledStockIsBackOnce: Invariant = ({ orders, ledger, calls }) => {
  const entries = groupBy(ledger, ({ orderId }) => orderId);
  const cancels = groupBy(calls, ({ kind, orderId }) => (kind === 'cancel' ? orderId : undefined));
  const finding: Finding = each(orders, ({ _id, status, items }) => {
    const wanted = status === 'cancelled' ? items.map(entryOf).toSorted().join(' ') : '';
    const found = (entries.get(_id) ?? []).map(entryOf).toSorted().join(' ');
    if (found === wanted || status === 'cancelling') return undefined;
    return `order ${_id} ${status}: ledger has [${found}], not [${wanted}]; ${showCalls(cancels.get(_id) ?? [])}`;
  });
  const known = new Set(orders.map(({ _id }) => _id));
  const stray = ledger
    .filter(({ orderId }) => !known.has(orderId))
    .map(({ _id }) => `ledger entry ${_id} has no order`);
  return { checked: finding.checked, violations: [...finding.violations, ...stray] };
};

const entryOf = ({ productId, quantity }: { productId: string; quantity: number }) => `${quantity}×${productId}`;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function subsetSums(numbers: readonly number[]): Set<number> {
  let sums = new Set([0]);
  for (const number of numbers) sums = new Set([...sums, ...[...sums].map((sum) => sum + number)]);
  return sums;
}
