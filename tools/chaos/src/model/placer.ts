import type { Handler, Order, Phase, Reply, State, Stored, Try } from './state.ts';
import { hasBit } from './state.ts';
import { roundOf } from './shop.ts';
import type { Turn } from './step.ts';
import { byAttempt, byId, giveBack, isOrder } from './store.ts';

/** The placer of one try, at its turn. */
interface Placing extends Turn {
  readonly index: number;
  readonly me: Try;
  readonly name: string;
}

/** The placers in the order service (DESIGN §5.2 and 5.3), and the deadlines of their tries. */
export function placerSteps(turn: Turn): void {
  turn.state.tries.forEach((me, index) => {
    const placing = { ...turn, index, me, name: `try ${index}` };
    if (me.phase !== 'new') passDeadline(placing);
    STEPS[me.phase](placing);
  });
}

const STEPS: Record<Phase, (placing: Placing) => void> = {
  new: start,
  waiting: giveUpWaiting,
  short: refuse,
  inserting: awaitInsert,
  inserted: acknowledge,
  duplicate: readOrder,
  notById: readAttempt,
  givingBack: giveBackNext,
  done: () => undefined,
};

function passDeadline({ shop, state, emit, index }: Placing): void {
  const { notes } = state;
  if (!shop.setup.deadlinesPass || hasBit(notes.expired, index)) return;
  emit(`deadline of try ${index} passes`, { notes: { ...notes, expired: notes.expired | (1 << index) } });
}

function start({ shop, state, emit, index, name }: Placing): void {
  const { notes } = state;
  const standing = state.stored.find((document) => isOrder(document) && shop.sameKey(document.byTry, index));
  const isLate = standing && isOrder(standing) && shop.sameBody(standing.byTry, index);
  emit(`${name} starts, sends reserve`, {
    ...reserve({ shop, state, index }, 0),
    notes: isLate ? { ...notes, late: notes.late | (1 << index) } : notes,
  });
}

function giveUpWaiting(placing: Placing): void {
  const { emit, name } = placing;
  emit(`${name} gives up waiting for reserve, answers 503`, done(placing, '503'));
}

/** Short: the order is read before anything is refused. */
function refuse(placing: Placing): void {
  const { shop, emit, name, me } = placing;
  const order = shop.is('409 without looking the order up') ? undefined : orderById(placing);
  if (order) emit(`${name} is short, looks, finds its order`, answerStored(placing, order));
  else if (me.busy)
    emit(`${name} is short, met a hold of its own order: 409 in progress`, done(placing, '409 in progress'));
  else emit(`${name} is short, finds no order, answers 409`, done(placing, '409 short'));
  emit(`${name} crashes`, done(placing, 'crashed'), true);
}

function awaitInsert(placing: Placing): void {
  const { shop, emit, name } = placing;
  if (shop.is('give-back after an unanswered insert'))
    emit(`${name}: insert times out, gives back`, startGiveBack(placing, '503'));
  else emit(`${name}: insert times out, answers 504`, done(placing, '504 unknown'));
  sendInsertAgain(placing, 'insert times out');
}

function acknowledge(placing: Placing): void {
  const { emit, name } = placing;
  sendInsertAgain(placing, 'the reply to its insert is lost');
  emit(`${name} hears its insert was done, answers 201`, own201(placing));
  emit(`${name} crashes or gives up: insert done, reply not heard (504)`, done(placing, '504 unknown'), true);
}

/** A duplicate: is there an order under this id, and whose? */
function readOrder(placing: Placing): void {
  const { shop, state, emit, name, me, index } = placing;
  sendInsertAgain(placing, 'the reply to its insert is lost');
  const found = byId(state.stored, shop.orderId(index));
  if (found && isOwn(placing, found)) emit(`${name} reads: the stored order is its own, answers 201`, own201(placing));
  else if (found?.kind === 'tombstone') emit(`${name}: order id voided, answers 503`, done(placing, '503'));
  else if (found)
    emit(`${name} reads the order of attempt ${found.attempt}, will give back ${me.attempt}`, {
      ...startGiveBack(placing, replyFor(placing, found), found.attempt),
    });
  else emit(`${name} reads: no order under its id`, become(placing, { ...me, phase: 'notById' }));
  crashAfterInsert(placing);
}

/** Then the attempt: one's own order, or a tombstone. */
function readAttempt(placing: Placing): void {
  const { shop, state, emit, name, me } = placing;
  sendInsertAgain(placing, 'the reply to its insert is lost');
  const found = byAttempt(state.stored, me.attempt);
  if (found && isOrder(found) && isOwn(placing, found))
    emit(`${name} reads: attempt ${me.attempt} is its own order, answers 201`, own201(placing));
  else if (!shop.is('voided attempt not given back before the next'))
    emit(`${name}: attempt ${me.attempt} was voided, gives it back first`, startGiveBack(placing, 'none'));
  else endVoided(placing, `${name}: attempt ${me.attempt} was voided`, {});
  crashAfterInsert(placing);
}

function giveBackNext(placing: Placing): void {
  const { shop, state, emit, name, me } = placing;
  for (const product of me.left) {
    const label = `${name} gives back attempt ${me.attempt} on product ${product}`;
    const products = giveBack(shop, state.products, product, me.attempt);
    const left = me.left.filter((other) => other !== product);
    if (left.length > 0) emit(label, { products, ...become(placing, { ...me, left }) });
    else if (me.reply !== 'none')
      emit(`${label}, answers ${me.reply}`, { products, ...done(placing, me.reply, me.order) });
    else endVoided(placing, label, { products });
  }
  emit(`${name} crashes half way through its give-back`, done(placing, 'crashed'), true);
}

/** A voided try: 503, or a fresh attempt if the deadline allows. */
function endVoided(placing: Placing, label: string, change: Partial<State>): void {
  const { shop, state, emit, index, me } = placing;
  emit(`${label}, answers 503`, { ...change, ...done(placing, '503') });
  if (roundOf(me.attempt) > 0 || !shop.setup.retriesVoided || hasBit(state.notes.expired, index)) return;
  emit(`${label}, tries again with a fresh attempt`, { ...change, ...reserve(placing, 1) });
}

function sendInsertAgain(placing: Placing, why: string): void {
  const { shop, state, emit, index, me, name } = placing;
  if (!shop.setup.insertSentAgain || me.resent) return;
  emit(`${name}: ${why}, sends it again`, {
    ...become(placing, { ...me, phase: 'inserting', resent: true }),
    inserts: [...state.inserts, { byTry: index, attempt: me.attempt, again: true }],
  });
}

function crashAfterInsert(placing: Placing): void {
  const { emit, name, me } = placing;
  emit(`${name} crashes`, done(placing, me.resent ? '504 unknown' : 'crashed'), true);
}

/** Sends the reserve message of a round. Each delivery draws its own attempt. */
function reserve({ shop, state, index }: Pick<Placing, 'shop' | 'state' | 'index'>, round: 0 | 1): Partial<State> {
  const attempt = shop.attempt(index, round);
  const delivery: Handler = {
    attempt,
    byTry: index,
    phase: shop.setup.lateReserveDropped ? 'delivered' : 'working',
    updates: shop.lines(index).map(() => 'sent'),
  };
  const again = { ...delivery, attempt: shop.is('attempt drawn by the caller') ? attempt : attempt + 1 };
  return {
    tries: state.tries.with(index, tryAt('waiting', attempt)),
    handlers: [...state.handlers, delivery, ...(shop.setup.reserveDeliveredTwice ? [again] : [])],
  };
}

/** The placer as it is in a phase that needs nothing else. */
export const tryAt = (phase: Phase, attempt: number, more: Partial<Try> = {}): Try => ({
  phase,
  attempt,
  resent: false,
  busy: false,
  left: [],
  reply: 'none',
  order: -1,
  ...more,
});

const become = ({ state, index }: Placing, me: Try): Partial<State> => ({ tries: state.tries.with(index, me) });

const done = (placing: Placing, reply: Reply, order = -1): Partial<State> =>
  become(placing, tryAt('done', placing.me.attempt, { reply, order }));

const startGiveBack = (placing: Placing, reply: Reply, order = -1): Partial<State> => {
  const { shop, index, me } = placing;
  const left = shop.lines(index).map(({ product }) => product);
  const seen = reply === '201 replayed' ? order : -1;
  return become(placing, tryAt('givingBack', me.attempt, { left, reply, order: seen }));
};

const own201 = (placing: Placing): Partial<State> => {
  const { state, me } = placing;
  const { notes } = state;
  return {
    ...done(placing, '201', me.attempt),
    notes: { ...notes, acknowledged: notes.acknowledged | (1 << me.attempt) },
  };
};

const isOwn = ({ shop, me }: Placing, found: Stored): boolean =>
  found.attempt === me.attempt && !shop.is('duplicate not compared with the own attempt');

const orderById = ({ shop, state, index }: Placing): Order | undefined => {
  const found = byId(state.stored, shop.orderId(index));
  return found && isOrder(found) ? found : undefined;
};

const replyFor = ({ shop, index }: Placing, order: Order): Reply =>
  shop.sameBody(order.byTry, index) ? '201 replayed' : '422';

const answerStored = (placing: Placing, order: Order): Partial<State> => {
  const reply = replyFor(placing, order);
  return done(placing, reply, reply === '201 replayed' ? order.attempt : -1);
};
