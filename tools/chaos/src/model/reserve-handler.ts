import { tryAt } from './placer.ts';
import { roundOf } from './shop.ts';
import { at, type Handler, hasBit, type Hold, type State, type Update } from './state.ts';
import type { Turn } from './step.ts';
import { giveBack, takeHold, writeHold } from './store.ts';

/** One handler of a reserve message, at its turn. */
interface Reserving extends Turn {
  readonly position: number;
  readonly me: Handler;
  readonly name: string;
}

/** The update of one line. */
interface Updating extends Reserving {
  readonly line: number;
  readonly product: number;
  readonly hold: Hold;
}

/** The reserve handlers in the product service (DESIGN §5.2): one per delivered message. */
export function reserveSteps(turn: Turn): void {
  turn.state.handlers.forEach((me, position) => {
    const reserving = { ...turn, position, me, name: `reserve handler (attempt ${me.attempt})` };
    if (me.phase === 'delivered') return startWork(reserving);
    turn.shop.lines(me.byTry).forEach((_, line) => updateSteps(reserving, line));
    if (me.phase !== 'working') return;
    if (me.updates.every(isSettled)) answer(reserving);
    turn.emit(`${reserving.name} crashes`, become(reserving, { ...me, phase: 'crashed' }), true);
  });
}

function startWork(reserving: Reserving): void {
  const { state, emit, me, name } = reserving;
  if (hasBit(state.notes.expired, me.byTry)) emit(`${name} drops the late message`, finish(reserving));
  else emit(`${name} starts work`, become(reserving, { ...me, phase: 'working' }));
}

function updateSteps(reserving: Reserving, line: number): void {
  const { shop, me } = reserving;
  const { product, quantity } = at(shop.lines(me.byTry), line);
  const hold = { attempt: me.attempt, quantity, key: shop.planned(me.byTry).key };
  const updating = { ...reserving, line, product, hold };
  const update = at(me.updates, line);
  if (update === 'sent') take(updating);
  else if (me.phase !== 'working') return;
  else if (update === 'unmatched') readWhy(updating);
  else if (typeof update === 'number') write(updating, update);
  else if (update === 'held' && hasFailed(me) && me.updates.every(isSettled)) giveBackLine(updating);
}

/** The conditional update; it may also reach the store after its handler has died. */
function take(updating: Updating): void {
  const { shop, state, emit, me, name, product, hold } = updating;
  if (shop.is('read-then-write stock')) return read(updating);
  const { products, outcome } = takeHold(state.products, product, hold);
  const update = outcome === 'unmatched' && !looksForOwnHold(updating) ? 'short' : outcome;
  const late = me.phase === 'crashed' ? ' (late: nobody waits)' : '';
  emit(`${name}: product ${product}: ${update}${late}`, { products, ...updated(updating, update) });
}

/** What matched nothing is read: why? */
function readWhy(updating: Updating): void {
  const { state, emit, name, product, hold } = updating;
  const { holds, stock } = at(state.products, product);
  const say = (why: string, update: Update) =>
    emit(`${name} reads why: product ${product} ${why}`, updated(updating, update));
  if (holds.some(({ key }) => key === hold.key)) return say('has a hold of the same order', 'busy');
  if (stock < hold.quantity) return say('is short', 'short');
  say('has enough again, takes again', 'sent');
  say('has enough again, leaves it', 'busy');
}

/** The wrong way: read the stock, then write it. */
function read(updating: Updating): void {
  const { state, emit, name, product, hold } = updating;
  const { stock } = at(state.products, product);
  const update = stock >= hold.quantity ? stock : 'short';
  emit(`${name} reads stock ${stock} of product ${product}`, updated(updating, update));
}

function write(updating: Updating, read: number): void {
  const { state, emit, name, product, hold } = updating;
  const stock = read - hold.quantity;
  const products = writeHold(state.products, product, hold, stock);
  emit(`${name} writes stock ${stock} of product ${product}`, { products, ...updated(updating, 'held') });
}

function giveBackLine(updating: Updating): void {
  const { shop, state, emit, me, name, product } = updating;
  const products = giveBack(shop, state.products, product, me.attempt);
  emit(`${name} is short elsewhere, gives back product ${product}`, { products, ...updated(updating, 'returned') });
}

/** Every update has answered: so does the handler, and the placer (if it still waits) goes on. */
function answer(reserving: Reserving): void {
  const { state, emit, me, name } = reserving;
  const placing = at(state.tries, me.byTry);
  const isHeard = placing.phase === 'waiting' && roundOf(placing.attempt) === roundOf(me.attempt);
  if (hasFailed(me)) {
    if (me.updates.includes('held')) return;
    const short = tryAt('short', me.attempt, { busy: me.updates.includes('busy') });
    emit(`${name} answers short${isHeard ? '' : ', unheard'}`, {
      ...finish(reserving),
      ...(isHeard && { tries: state.tries.with(me.byTry, short) }),
    });
  } else if (isHeard) answerHeld(reserving);
  else emit(`${name} answers ok, unheard`, finish(reserving));
}

function answerHeld(reserving: Reserving): void {
  const { shop, state, emit, me, name } = reserving;
  const { byTry, attempt } = me;
  const { notes, tries } = state;
  const inserts = [...state.inserts, { byTry, attempt, again: false }];
  if (shop.is('acknowledged before the insert')) {
    const answered = tryAt('done', at(tries, byTry).attempt, { reply: '201', order: attempt });
    const change = { ...finish(reserving), inserts, tries: tries.with(byTry, answered) };
    return emit(`${name} answers ok; try ${byTry} answers 201, then sends its insert`, change);
  }
  if (shop.setup.insertChecked && hasBit(notes.expired, byTry)) return;
  const settled = shop.is('settled before the insert') ? 1 << attempt : 0;
  emit(`${name} answers ok; try ${byTry} sends its insert`, {
    ...finish(reserving),
    inserts,
    tries: tries.with(byTry, tryAt('inserting', attempt)),
    notes: settled ? { ...notes, acknowledged: notes.acknowledged | settled } : notes,
  });
}

const looksForOwnHold = ({ shop }: Turn): boolean =>
  !shop.is('short although only the own order holds') && !shop.is('voided attempt not given back before the next');

const isSettled = (update: Update): boolean =>
  update !== 'sent' && update !== 'unmatched' && typeof update !== 'number';

const hasFailed = ({ updates }: Handler): boolean => updates.includes('short') || updates.includes('busy');

const updated = (updating: Updating, update: Update): Partial<State> => {
  const { me, line } = updating;
  return become(updating, { ...me, updates: me.updates.with(line, update) });
};

const finish = ({ state, position }: Reserving): Partial<State> => ({
  handlers: state.handlers.toSpliced(position, 1),
});

/** A crashed handler is forgotten once none of its updates can still arrive. */
const become = (reserving: Reserving, me: Handler): Partial<State> => {
  if (me.phase === 'crashed' && !me.updates.includes('sent')) return finish(reserving);
  return { handlers: reserving.state.handlers.with(reserving.position, me) };
};
