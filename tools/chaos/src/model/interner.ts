import type { State } from './state.ts';

/** One object for all equal values, and a number for it. Values are equal when their text is. */
class Canon<T extends object> {
  readonly #known = new Map<string, T>();
  readonly #ids = new Map<T, number>();

  has(value: T): boolean {
    return this.#ids.has(value);
  }

  id(value: T): number {
    return this.#ids.get(value) ?? -1;
  }

  of(value: T, text: string): T {
    const known = this.#known.get(text);
    if (known) return known;
    this.#known.set(text, value);
    this.#ids.set(value, this.#ids.size);
    return value;
  }
}

/** The lists that are one part of a state. In a bag the order means nothing. */
class Part<E extends object> {
  readonly #elements = new Canon<E>();
  readonly #lists = new Canon<readonly E[]>();
  readonly #isBag: boolean;

  constructor(kind: 'list' | 'bag') {
    this.#isBag = kind === 'bag';
  }

  of(list: readonly E[]): readonly E[] {
    if (this.#lists.has(list)) return list;
    const elements = list.map((element) =>
      this.#elements.has(element) ? element : this.#elements.of(element, JSON.stringify(element)),
    );
    if (this.#isBag) elements.sort((one, other) => this.#elements.id(one) - this.#elements.id(other));
    return this.#lists.of(elements, elements.map((element) => this.#elements.id(element)).join());
  }

  code(list: readonly E[]): string {
    return codeOf(this.#lists.id(list));
  }
}

/**
 * Makes equal parts of states one and the same object. States then share what they have in common, are told apart by a key
 * of a few characters, and equal elements of a list are identical (`===`).
 */
export class Interner {
  readonly #products = new Part<State['products'][number]>('list');
  readonly #tries = new Part<State['tries'][number]>('list');
  readonly #stored = new Part<State['stored'][number]>('bag');
  readonly #handlers = new Part<State['handlers'][number]>('bag');
  readonly #inserts = new Part<State['inserts'][number]>('bag');
  readonly #restocks = new Part<State['restocks'][number]>('bag');
  readonly #sweepers = new Part<State['sweepers'][number]>('bag');
  readonly #drivers = new Part<State['drivers'][number]>('bag');
  readonly #notes = new Canon<State['notes']>();

  intern(state: State): State {
    return {
      products: this.#products.of(state.products),
      stored: this.#stored.of(state.stored),
      tries: this.#tries.of(state.tries),
      handlers: this.#handlers.of(state.handlers),
      inserts: this.#inserts.of(state.inserts),
      restocks: this.#restocks.of(state.restocks),
      sweepers: this.#sweepers.of(state.sweepers),
      drivers: this.#drivers.of(state.drivers),
      notes: this.#notes.has(state.notes) ? state.notes : this.#notes.of(state.notes, JSON.stringify(state.notes)),
    };
  }

  /** The key of an interned state. */
  key(state: State): string {
    return (
      this.#products.code(state.products) +
      this.#stored.code(state.stored) +
      this.#tries.code(state.tries) +
      this.#handlers.code(state.handlers) +
      this.#inserts.code(state.inserts) +
      this.#restocks.code(state.restocks) +
      this.#sweepers.code(state.sweepers) +
      this.#drivers.code(state.drivers) +
      codeOf(this.#notes.id(state.notes))
    );
  }
}

const codeOf = (id: number): string => String.fromCharCode(id & 0xffff, id >>> 16);
