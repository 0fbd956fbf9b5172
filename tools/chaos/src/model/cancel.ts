import { at, type Driver, type Order, type RestockMessage, type State } from './state.ts';
import type { Turn } from './step.ts';
import { enterLedger, isOrder, pullMark, restock } from './store.ts';

type Busy = Exclude<Driver, { phase: 'idle' }>;

/** One driver of a cancelled order, at its turn. */
interface Driving extends Turn {
  readonly position: number;
  readonly name: string;
}

/** Cancel (DESIGN §5.6): the move to `cancelling`, the drivers that finish it, and their updates in flight. */
export function cancelSteps(turn: Turn): void {
  const { drivers } = turn.state;
  startCancel(turn);
  drivers.forEach((me, position) => {
    if (position > 0 && me === drivers[position - 1]) return; // the same steps again
    const driving = { ...turn, position, name: `cancel driver ${position}` };
    if (me.phase === 'idle') return takeUp(driving);
    turn.emit(`${driving.name} crashes or gives up`, become(driving, { phase: 'idle' }), true);
    STEPS[me.phase](driving, me);
  });
  for (const message of turn.state.restocks) deliver(turn, message);
}

const STEPS: Record<Busy['phase'], (driving: Driving, me: Busy) => void> = {
  readProduct,
  readLedger,
  waiting: giveUp,
  enter,
  pull,
  finish,
};

function startCancel({ shop, state, emit }: Turn): void {
  for (const order of state.stored) {
    if (!isOrder(order) || !shop.setup.cancels.includes(order.id) || order.status !== 'confirmed') continue;
    const stored = replaced(state, order, 'cancelling');
    emit(`cancel of order ${order.id}: confirmed -> cancelling`, { stored });
  }
}

function takeUp(driving: Driving): void {
  const { shop, state, emit, name } = driving;
  for (const order of state.stored) {
    if (!isOrder(order) || order.status !== 'cancelling') continue;
    const me = { phase: firstRead(driving), orderId: order.id, byTry: order.byTry, line: 0, restocked: -1 } as const;
    const isHasty = shop.is('cancelled before the stock is back');
    emit(`${name} takes up order ${order.id}`, {
      ...become(driving, me),
      ...(isHasty && { stored: replaced(state, order, 'cancelled') }),
    });
  }
}

/** Step 1: the product is read, for its count of restocks and the mark of this order. */
function readProduct(driving: Driving, me: Busy): void {
  const { shop, state, emit, name } = driving;
  const { product } = lineOf(driving, me);
  const { marks, restocked } = at(state.products, product);
  const label = `${name} reads product ${product}: ${restocked} restocks`;
  if (marks.includes(me.orderId)) return emit(`${label}, this one too`, become(driving, marked(driving, me)));
  if (shop.is('restock: ledger not read') || shop.is('restock: product read after the ledger'))
    return emit(`${label}, sends the update`, send(driving, { ...me, restocked }));
  emit(label, become(driving, { ...me, phase: 'readLedger', restocked }));
}

/** Step 2, after step 1: a mark that was there and is gone has left its ledger entry. Step 3: the update is sent. */
function readLedger(driving: Driving, me: Busy): void {
  const { shop, state, emit, name } = driving;
  const { product } = lineOf(driving, me);
  if (at(state.products, product).ledger.includes(me.orderId))
    return emit(`${name} finds product ${product} in the ledger`, become(driving, marked(driving, me)));
  const label = `${name} finds nothing in the ledger for product ${product}`;
  if (shop.is('restock: product read after the ledger'))
    return emit(label, become(driving, { ...me, phase: 'readProduct' }));
  emit(`${label}, sends the update`, send(driving, me));
}

function giveUp(driving: Driving): void {
  const { emit, name } = driving;
  emit(`${name} hears nothing of its update, leaves it to another`, become(driving, { phase: 'idle' }));
}

/** Step 4: the ledger entry. */
function enter(driving: Driving, me: Busy): void {
  const { shop, state, emit, name } = driving;
  const { product } = lineOf(driving, me);
  const next = shop.is('restock: mark pulled before the ledger entry') ? nextLine(driving, me) : pulling(me);
  emit(`${name} writes the ledger entry of product ${product}`, {
    products: enterLedger(state.products, product, me.orderId),
    ...become(driving, next),
  });
}

/** Step 5: the mark is no longer needed. */
function pull(driving: Driving, me: Busy): void {
  const { shop, state, emit, name } = driving;
  const { product } = lineOf(driving, me);
  const next = shop.is('restock: mark pulled before the ledger entry') ? entering(me) : nextLine(driving, me);
  emit(`${name} pulls the mark from product ${product}`, {
    products: pullMark(state.products, product, me.orderId),
    ...become(driving, next),
  });
}

function finish(driving: Driving, me: Busy): void {
  const { state, emit, name } = driving;
  const order = state.stored.find((found) => isOrder(found) && found.id === me.orderId);
  const isOpen = order && isOrder(order) && order.status === 'cancelling';
  emit(`${name}: order ${me.orderId} cancelled`, {
    ...become(driving, { phase: 'idle' }),
    ...(isOpen && { stored: replaced(state, order, 'cancelled') }),
  });
}

/** A restock update reaches the store: at any time, also again, whatever has become of its sender. */
function deliver(turn: Turn, message: RestockMessage): void {
  const { shop, state, emit } = turn;
  const changed = restock(shop, state.products, message);
  const products = changed ?? state.products;
  const label = `store: restock of product ${message.product}: ${changed ? 'done' : 'not matched'}`;
  emit(`${label}, unheard`, { products });
  state.drivers.forEach((driver, position) => {
    if (driver.phase !== 'waiting' || driver.orderId !== message.orderId) return;
    const driving = { ...turn, position, name: '' };
    if (lineOf(driving, driver).product !== message.product || driver.restocked !== message.restocked) return;
    const next = changed ? marked(driving, driver) : { ...driver, phase: firstRead(turn), restocked: -1 };
    emit(`${label}, driver ${position} hears it`, { products, ...become(driving, next) });
  });
}

const lineOf = ({ shop }: Turn, { byTry, line }: Busy) => at(shop.lines(byTry), line);

const firstRead = ({ shop }: Turn): Busy['phase'] =>
  shop.is('restock: product read after the ledger') ? 'readLedger' : 'readProduct';

/** The driver of a line whose mark (or ledger entry) stands. */
const marked = ({ shop }: Turn, me: Busy): Busy =>
  shop.is('restock: mark pulled before the ledger entry') ? pulling(me) : entering(me);

const entering = (me: Busy): Busy => ({ ...me, phase: 'enter', restocked: -1 });
const pulling = (me: Busy): Busy => ({ ...me, phase: 'pull', restocked: -1 });

const nextLine = (turn: Turn, me: Busy): Busy => {
  const isLast = me.line + 1 === turn.shop.lines(me.byTry).length;
  return isLast ? { ...me, phase: 'finish' } : { ...me, phase: firstRead(turn), line: me.line + 1 };
};

/** One copy of a message stands for any number of equal ones. */
const send = (driving: Driving, me: Busy): Partial<State> => {
  const { state } = driving;
  const { orderId, restocked } = me;
  const message: RestockMessage = { orderId, restocked, ...lineOf(driving, me) };
  const isSent = state.restocks.some(
    (sent) => sent.orderId === orderId && sent.product === message.product && sent.restocked === restocked,
  );
  return {
    ...become(driving, { ...me, phase: 'waiting' }),
    restocks: isSent ? state.restocks : [...state.restocks, message],
  };
};

const become = ({ state, position }: Driving, me: Driver): Partial<State> => ({
  drivers: state.drivers.with(position, me),
});

const replaced = ({ stored }: State, order: Order, status: Order['status']) =>
  stored.map((document) => (document === order ? { ...order, status } : document));
