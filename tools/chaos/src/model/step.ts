import type { Shop } from './shop.ts';
import type { State } from './state.ts';

/** Takes one possible step: its label for traces, what it changes, and whether it is a crash. */
export type Emit = (label: string, change: Partial<State>, isCrash?: boolean) => void;

/** What every actor of the model is asked with: say all the steps that are possible for you in this state. */
export interface Turn {
  readonly shop: Shop;
  readonly state: State;
  readonly emit: Emit;
}
