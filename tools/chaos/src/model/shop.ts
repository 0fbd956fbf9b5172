import type { Line, PlannedTry, Setup } from './setup.ts';
import type { WrongStep } from './wrong.ts';

/** What does not change in a run: the configuration, and which step (if any) is implemented wrongly. */
export class Shop {
  readonly setup: Setup;
  readonly wrong: WrongStep | undefined;

  constructor(setup: Setup, wrong?: WrongStep) {
    this.setup = setup;
    this.wrong = wrong;
  }

  is(wrong: WrongStep): boolean {
    return this.wrong === wrong;
  }

  planned(index: number): PlannedTry {
    const planned = this.setup.tries[index];
    if (!planned) throw new Error(`no try ${index}`);
    return planned;
  }

  lines(index: number): readonly Line[] {
    return this.setup.bodies[this.planned(index).body] ?? [];
  }

  sameKey(one: number, other: number): boolean {
    return this.planned(one).key === this.planned(other).key;
  }

  sameBody(one: number, other: number): boolean {
    return this.planned(one).body === this.planned(other).body;
  }

  /** Which order a try stands for. */
  orderId(index: number): number {
    return this.is('random order id') ? 50 + index : this.planned(index).key;
  }

  /** The attempt of the first (0) or second (1) round of a try; the second delivery of a message draws the next number. */
  attempt(index: number, round: 0 | 1): number {
    const { key } = this.planned(index);
    const owner = this.is('attempt shared by the tries of a key')
      ? this.setup.tries.findIndex((other) => other.key === key)
      : index;
    return 4 * owner + 2 * round;
  }
}

export const roundOf = (attempt: number): number => (attempt >> 1) & 1;
export const tryOfAttempt = (attempt: number): number => attempt >> 2;
