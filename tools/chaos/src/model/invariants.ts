import type { Shop } from './shop.ts';
import { at, hasBit, type Order, type Reply, type State } from './state.ts';
import { byId, isOrder } from './store.ts';

/** Stock + undecided holds + sold in every state. Stronger than what is promised, so it trips first. */
export const BOOKS = 'the books balance in every state';

/** Everyone has finished: nothing is held, nothing is half cancelled. Messages may still be on their way. */
export function isQuiet({ products, stored, tries, handlers, sweepers, drivers }: State): boolean {
  return (
    tries.every(({ phase }) => phase === 'new' || phase === 'done') &&
    handlers.every(({ phase }) => phase !== 'working') &&
    sweepers.every(({ phase }) => phase === 'idle') &&
    drivers.every(({ phase }) => phase === 'idle') &&
    products.every(({ holds }) => holds.length === 0) &&
    stored.every((document) => !isOrder(document) || document.status !== 'cancelling')
  );
}

/** The names of the invariants that do not hold in a state. */
export function violations(shop: Shop, state: State): readonly string[] {
  const orders = state.stored.filter(isOrder);
  const seen = { shop, state, orders };
  return [
    ...stockViolations(seen),
    ...orderViolations(seen),
    ...state.tries.flatMap((_, index) => replyViolations(seen, index)),
    ...(isQuiet(state) ? [...quietStockViolations(seen), ...retryViolations(seen)] : []),
  ];
}

interface Seen {
  readonly shop: Shop;
  readonly state: State;
  readonly orders: readonly Order[];
}

function stockViolations({ shop, state, orders }: Seen): string[] {
  const bad: string[] = [];
  state.products.forEach(({ stock, holds, restocked }, index) => {
    const sold = soldUnits({ shop, state, orders }, index);
    const initial = at(shop.setup.stock, index);
    const undecided = holds.filter((hold) => !orders.some(({ attempt }) => attempt === hold.attempt));
    const held = undecided.reduce((sum, { quantity }) => sum + quantity, 0);
    if (stock < 0) bad.push('stock is never negative');
    if (sold > initial) bad.push('never oversold');
    if (stock + held + sold !== initial) bad.push(BOOKS);
    if (restocked > orders.filter(({ status }) => status !== 'confirmed').length)
      bad.push('an order is restocked once');
  });
  return bad;
}

function orderViolations({ shop, state, orders }: Seen): string[] {
  const bad: string[] = [];
  const keys = orders.map(({ byTry }) => shop.planned(byTry).key);
  if (new Set(keys).size < keys.length) bad.push('at most one order per key');
  for (const { id, byTry, status } of orders) {
    if (status !== 'cancelled') continue;
    const isBack = shop.lines(byTry).every(({ product }) => at(state.products, product).ledger.includes(id));
    if (!isBack) bad.push('a cancelled order has its ledger entries');
  }
  return bad;
}

function replyViolations(seen: Seen, index: number): string[] {
  const { shop, state, orders } = seen;
  const { phase, reply, order } = at(state.tries, index);
  if (phase !== 'done') return [];
  const bad: string[] = [];
  if (isSuccess(reply)) bad.push(...successViolations(seen, index, order));
  else if (isRefusal(reply) && orders.some(({ byTry }) => byTry === index))
    bad.push('a refused try leaves no order of its own');
  if (reply === '422' && !orders.some(({ id, byTry }) => id === shop.orderId(index) && !shop.sameBody(byTry, index)))
    bad.push('422 only when another body holds the key');
  if (reply === '409 short' && hasBit(state.notes.late, index))
    bad.push('a try begun after its order stood is not told "out of stock"');
  if (reply === '409 short' && isAlone(shop))
    bad.push('a key is not told "out of stock" because of its own other tries');
  return bad;
}

function successViolations({ shop, state, orders }: Seen, index: number, attempt: number): string[] {
  const bad: string[] = [];
  const found = orders.find((order) => order.attempt === attempt && shop.sameKey(order.byTry, index));
  if (!found || !shop.sameBody(found.byTry, index)) bad.push('every acknowledged 201 refers to a stored order');
  const disagrees = state.tries.some(
    (other, position) =>
      isSuccess(other.reply) && other.phase === 'done' && shop.sameKey(position, index) && other.order !== attempt,
  );
  if (disagrees) bad.push('success replies of one key agree');
  return bad;
}

function quietStockViolations(seen: Seen): string[] {
  const { shop, state } = seen;
  const balances = state.products.every(
    ({ stock }, index) => stock + soldUnits(seen, index) === at(shop.setup.stock, index),
  );
  return balances ? [] : ['at rest stock + sold = initial stock'];
}

/** What a further try of each key and body would be told, if nothing disturbed it. */
function retryViolations({ shop, state, orders }: Seen): string[] {
  if (shop.is('random order id')) return [];
  const bad: string[] = [];
  shop.setup.tries.forEach(({ key, body }, index) => {
    if (shop.setup.tries.findIndex((other) => other.key === key && other.body === body) !== index) return;
    const order = orders.find(({ byTry }) => shop.sameKey(byTry, index));
    const told = undisturbed(shop, state, index);
    if (order && told !== replyOf(shop, order, index)) bad.push('a later retry of a stored order is replayed');
    if (!order && told !== '201' && hasStock(shop, state, index)) bad.push('a key is never burnt by a failed try');
  });
  return bad;
}

function undisturbed(shop: Shop, state: State, index: number): Reply {
  const found = byId(state.stored, shop.orderId(index));
  const stored = found && (isOrder(found) ? replyOf(shop, found, index) : '503');
  if (hasStock(shop, state, index)) return stored ?? '201';
  return shop.is('409 without looking the order up') ? '409 short' : (stored ?? '409 short');
}

const replyOf = (shop: Shop, order: Order, index: number): Reply =>
  shop.sameBody(order.byTry, index) ? '201 replayed' : '422';

const hasStock = (shop: Shop, state: State, index: number): boolean =>
  shop.lines(index).every(({ product, quantity }) => at(state.products, product).stock >= quantity);

/** Units of stored orders whose restock has not taken effect. */
const soldUnits = ({ shop, state, orders }: Seen, index: number): number => {
  const { marks, ledger } = at(state.products, index);
  return orders
    .filter(({ id }) => !marks.includes(id) && !ledger.includes(id))
    .flatMap(({ byTry }) => shop.lines(byTry))
    .reduce((sum, { product, quantity }) => (product === index ? sum + quantity : sum), 0);
};

const isAlone = ({ setup }: Shop): boolean =>
  setup.cancels.length === 0 &&
  setup.tries.every(({ key, body }) => key === setup.tries[0]?.key && body === setup.tries[0].body);

const isSuccess = (reply: Reply): boolean => reply === '201' || reply === '201 replayed';

const isRefusal = (reply: Reply): boolean =>
  reply === '409 short' || reply === '409 in progress' || reply === '422' || reply === '503';
