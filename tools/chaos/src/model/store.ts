import { type Shop, tryOfAttempt } from './shop.ts';
import { at, type Hold, type Order, type Product, type State, type Stored } from './state.ts';

/** The store's operations. Each is one atomic step. */

const put = (products: readonly Product[], index: number, product: Product): readonly Product[] =>
  products.with(index, product);

/** `{_id, stock >= q, no hold of this attempt}` → stock − q, push hold. */
export function takeHold(products: readonly Product[], index: number, hold: Hold) {
  const product = at(products, index);
  if (product.holds.some(({ attempt }) => attempt === hold.attempt)) return { products, outcome: 'there' } as const;
  if (product.stock < hold.quantity) return { products, outcome: 'unmatched' } as const;
  return { products: writeHold(products, index, hold, product.stock - hold.quantity), outcome: 'held' } as const;
}

/** Sets the stock and pushes a hold, whatever stood there. */
export function writeHold(products: readonly Product[], index: number, hold: Hold, stock: number): readonly Product[] {
  const product = at(products, index);
  const holds = [...product.holds, hold].toSorted((one, other) => one.attempt - other.attempt);
  return put(products, index, { ...product, stock, holds });
}

/** `{_id, hold of attempt}` → pull: the sale is settled. */
export function settleHold(products: readonly Product[], index: number, attempt: number): readonly Product[] {
  const product = at(products, index);
  const found = product.holds.findIndex((hold) => hold.attempt === attempt);
  return found < 0 ? products : put(products, index, { ...product, holds: product.holds.toSpliced(found, 1) });
}

/** `{_id, hold of attempt}` → pull and + q. */
export function giveBack(shop: Shop, products: readonly Product[], index: number, attempt: number): readonly Product[] {
  const product = at(products, index);
  const byOrder = shop.is('give-back by order id') ? shop.planned(tryOfAttempt(attempt)).key : undefined;
  const found = product.holds.findIndex((hold) => hold.attempt === attempt || hold.key === byOrder);
  const hold = product.holds[found];
  if (hold)
    return put(products, index, {
      ...product,
      stock: product.stock + hold.quantity,
      holds: product.holds.toSpliced(found, 1),
    });
  if (!shop.is('give-back without looking for the hold')) return products;
  return put(products, index, { ...product, stock: product.stock + 1 });
}

/** The restock update: `{restocked: r, order not marked}` → stock + q, restocked + 1, push mark. Undefined: not matched. */
export function restock(
  shop: Shop,
  products: readonly Product[],
  { orderId, product: index, quantity, restocked }: State['restocks'][number],
): readonly Product[] | undefined {
  const product = at(products, index);
  const isCurrent = product.restocked === restocked || shop.is('restock: update does not name the count of restocks');
  if (!isCurrent || product.marks.includes(orderId)) return undefined;
  return put(products, index, {
    ...product,
    stock: product.stock + quantity,
    restocked: product.restocked + 1,
    marks: [...product.marks, orderId].toSorted(),
  });
}

/** Inserts the ledger entry; a duplicate changes nothing. */
export function enterLedger(products: readonly Product[], index: number, orderId: number): readonly Product[] {
  const product = at(products, index);
  if (product.ledger.includes(orderId)) return products;
  return put(products, index, { ...product, ledger: [...product.ledger, orderId].toSorted() });
}

export function pullMark(products: readonly Product[], index: number, orderId: number): readonly Product[] {
  const product = at(products, index);
  return put(products, index, { ...product, marks: product.marks.filter((mark) => mark !== orderId) });
}

export const byId = (stored: readonly Stored[], id: number): Stored | undefined =>
  stored.find((document) => document.id === id);

export const byAttempt = (stored: readonly Stored[], attempt: number): Stored | undefined =>
  stored.find((document) => document.attempt === attempt);

export const isOrder = (document: Stored): document is Order => document.kind === 'order';

/** The commit. A duplicate does not say which index it clashed with: the name a store gives is never believed. */
export function insertOrder(shop: Shop, stored: readonly Stored[], order: Order) {
  const isTaken = stored.some(
    ({ id, attempt }) => id === order.id || (attempt === order.attempt && !shop.is('no unique attempt')),
  );
  if (isTaken) return { stored, outcome: 'duplicate' } as const;
  return { stored: [...stored, order], outcome: 'inserted' } as const;
}
