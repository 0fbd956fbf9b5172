import { tryOfAttempt } from './shop.ts';
import { hasBit, type State, type Stored, type Sweeper } from './state.ts';
import type { Turn } from './step.ts';
import { byAttempt, byId, giveBack, isOrder, settleHold } from './store.ts';

type Busy = Exclude<Sweeper, { phase: 'idle' }>;

/** One sweeper, at its turn. */
interface Sweeping extends Turn {
  readonly position: number;
  readonly name: string;
}

/** The hold sweepers of the product service and the resolver of the order service they ask (DESIGN §5.5). */
export function sweeperSteps(turn: Turn): void {
  const { sweepers } = turn.state;
  sweepers.forEach((me, position) => {
    if (position > 0 && me === sweepers[position - 1]) return; // the same steps again
    const sweeping = { ...turn, position, name: `sweeper ${position}` };
    if (me.phase === 'idle') return takeUp(sweeping);
    turn.emit(`${sweeping.name} crashes`, become(sweeping, { phase: 'idle' }), true);
    STEPS[me.phase](sweeping, me);
  });
  if (turn.shop.is('tombstone expires after the deadline')) expireTombstones(turn);
}

const STEPS: Record<Busy['phase'], (sweeping: Sweeping, me: Busy) => void> = {
  asking: ask,
  burying: bury,
  voiding: giveUpHold,
  settling: settle,
};

function takeUp(sweeping: Sweeping): void {
  const { shop, state, emit, name } = sweeping;
  state.products.forEach(({ holds }, product) => {
    for (const { attempt } of holds) {
      if (shop.setup.agedSweep && !hasBit(state.notes.expired, tryOfAttempt(attempt))) continue;
      emit(`${name} takes up the hold of attempt ${attempt} on product ${product}`, {
        ...become(sweeping, { phase: 'asking', product, attempt }),
      });
    }
  });
}

function ask(sweeping: Sweeping, me: Busy): void {
  const { state, emit, name } = sweeping;
  const found = byAttempt(state.stored, me.attempt);
  const what = found ? (isOrder(found) ? 'an order' : 'a tombstone') : 'nothing';
  const phase = verdict(sweeping, found);
  emit(`${name} asks: ${what} has attempt ${me.attempt}`, become(sweeping, { ...me, phase }));
}

function verdict({ shop }: Turn, found: Stored | undefined): Busy['phase'] {
  if (!found) return shop.is('no tombstone') ? 'voiding' : 'burying';
  if (!isOrder(found)) return shop.is('tombstone found, hold settled') ? 'settling' : 'voiding';
  const looksVoid = shop.is('sweeper takes a cancelled order for void') && found.status !== 'confirmed';
  return looksVoid ? 'voiding' : 'settling';
}

function bury(sweeping: Sweeping, me: Busy): void {
  const { shop, state, emit, name } = sweeping;
  const underOrderId = shop.is('tombstone under the order id');
  const id = underOrderId ? shop.planned(tryOfAttempt(me.attempt)).key : 100 + me.attempt;
  const sameAttempt = shop.is('no unique attempt') ? undefined : byAttempt(state.stored, me.attempt);
  const duplicate = sameAttempt ?? byId(state.stored, id);
  if (!duplicate) {
    const stored = [...state.stored, { kind: 'tombstone', id, attempt: me.attempt } as const];
    const change = { stored, ...become(sweeping, { ...me, phase: 'voiding' }) };
    return emit(`${name} inserts the tombstone of attempt ${me.attempt}`, change);
  }
  const phase = underOrderId && duplicate.attempt !== me.attempt ? 'voiding' : afterDuplicate(sweeping);
  emit(`${name}: tombstone of attempt ${me.attempt} is a duplicate`, become(sweeping, { ...me, phase }));
}

function afterDuplicate({ shop }: Turn): Busy['phase'] {
  if (shop.is('duplicate tombstone taken for an order')) return 'settling';
  return shop.is('duplicate tombstone taken for void') ? 'voiding' : 'asking';
}

function giveUpHold(sweeping: Sweeping, { product, attempt }: Busy): void {
  const { shop, state, emit, name } = sweeping;
  emit(`${name} gives back attempt ${attempt} on product ${product}`, {
    products: giveBack(shop, state.products, product, attempt),
    ...become(sweeping, { phase: 'idle' }),
  });
}

function settle(sweeping: Sweeping, { product, attempt }: Busy): void {
  const { state, emit, name } = sweeping;
  emit(`${name} settles attempt ${attempt} on product ${product}`, {
    products: settleHold(state.products, product, attempt),
    ...become(sweeping, { phase: 'idle' }),
  });
}

function expireTombstones({ state, emit }: Turn): void {
  for (const tombstone of state.stored) {
    if (isOrder(tombstone) || !hasBit(state.notes.expired, tryOfAttempt(tombstone.attempt))) continue;
    const stored = state.stored.filter((other) => other !== tombstone);
    emit(`tombstone of attempt ${tombstone.attempt} expires`, { stored });
  }
}

const become = ({ state, position }: Sweeping, me: Sweeper): Partial<State> => ({
  sweepers: state.sweepers.with(position, me),
});
