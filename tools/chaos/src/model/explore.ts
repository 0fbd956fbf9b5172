import { cancelSteps } from './cancel.ts';
import { insertSteps } from './insert-message.ts';
import { IntList } from './int-list.ts';
import { Interner } from './interner.ts';
import { BOOKS, isQuiet, violations } from './invariants.ts';
import { firstStuck } from './liveness.ts';
import { placerSteps } from './placer.ts';
import { reserveSteps } from './reserve-handler.ts';
import { settleSteps } from './settle.ts';
import type { Shop } from './shop.ts';
import { initialState, type State } from './state.ts';
import type { Emit } from './step.ts';
import { sweeperSteps } from './sweeper.ts';

export const LIVENESS = 'from every state everything can come to rest';

export interface Violation {
  readonly invariant: string;
  /** The labels of a shortest way there. */
  readonly trace: readonly string[];
}

export interface Exploration {
  readonly states: number;
  readonly violations: readonly Violation[];
}

/**
 * Searches all interleavings, breadth first, so that the first violation of an invariant has a shortest trace. A step is one
 * atomic operation of the store, one delivery or one local decision. A frozen process is one that is not scheduled.
 * `untilBroken` stops at the first violation of what was promised, and then says nothing about liveness.
 */
export function explore(shop: Shop, { untilBroken = false } = {}): Exploration {
  const search = new Search(shop);
  while (search.hasNext()) {
    search.visitNext();
    if (untilBroken && search.isBroken()) return search.result();
  }
  search.checkLiveness();
  return search.result();
}

/** All the steps that are possible in a state. */
function everyStep(shop: Shop, state: State, emit: Emit): void {
  const turn = { shop, state, emit };
  placerSteps(turn);
  insertSteps(turn);
  reserveSteps(turn);
  settleSteps(turn);
  sweeperSteps(turn);
  cancelSteps(turn);
}

class Search {
  readonly #shop: Shop;
  readonly #interner = new Interner();
  readonly #states: State[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #parents = new IntList();
  readonly #from = new IntList();
  readonly #to = new IntList();
  readonly #quiet = new IntList();
  readonly #broken = new Map<string, number>();
  #next = 0;

  constructor(shop: Shop) {
    this.#shop = shop;
    this.#number(initialState(shop), -1);
  }

  hasNext(): boolean {
    return this.#next < this.#states.length;
  }

  isBroken(): boolean {
    return this.#broken.size > (this.#broken.has(BOOKS) ? 1 : 0);
  }

  visitNext(): void {
    const current = this.#next++;
    const state = this.#state(current);
    for (const invariant of violations(this.#shop, state)) this.#breaks(invariant, current);
    if (isQuiet(state)) this.#quiet.push(current);
    everyStep(this.#shop, state, (_, change, isCrash = false) => {
      const next = this.#number({ ...state, ...change }, current);
      if (isCrash) return; // liveness must not rest on a crash
      this.#from.push(current);
      this.#to.push(next);
    });
  }

  checkLiveness(): void {
    const stuck = firstStuck({ size: this.#states.length, from: this.#from, to: this.#to }, this.#quiet);
    if (stuck !== undefined) this.#breaks(LIVENESS, stuck);
  }

  result(): Exploration {
    const found = [...this.#broken].map(([invariant, state]) => ({ invariant, trace: this.#trace(state) }));
    return { states: this.#states.length, violations: found };
  }

  #state(number: number): State {
    const state = this.#states[number];
    if (!state) throw new Error(`no state ${number}`);
    return state;
  }

  #breaks(invariant: string, state: number): void {
    if (!this.#broken.has(invariant)) this.#broken.set(invariant, state);
  }

  #number(reached: State, parent: number): number {
    const state = this.#interner.intern(reached);
    const key = this.#interner.key(state);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#states.push(state) - 1;
    this.#numbers.set(key, number);
    this.#parents.push(parent);
    return number;
  }

  /** Labels are not kept: the steps along the way are taken again. */
  #trace(state: number): string[] {
    const labels: string[] = [];
    for (let here = state; this.#parents.at(here) >= 0; here = this.#parents.at(here))
      labels.unshift(this.#label(this.#parents.at(here), here));
    return labels;
  }

  #label(from: number, to: number): string {
    const state = this.#state(from);
    let found = '?';
    everyStep(this.#shop, state, (label, change) => {
      if (this.#number({ ...state, ...change }, from) === to) found = label;
    });
    return found;
  }
}
