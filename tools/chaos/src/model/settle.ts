import { hasBit } from './state.ts';
import type { Turn } from './step.ts';
import { settleHold } from './store.ts';

/** Settle messages, sent with the acknowledgement: they may come late, twice and never. */
export function settleSteps({ state, emit }: Turn): void {
  state.products.forEach(({ holds }, index) => {
    for (const { attempt } of holds) {
      if (!hasBit(state.notes.acknowledged, attempt)) continue;
      emit(`settle of attempt ${attempt} reaches product ${index}`, {
        products: settleHold(state.products, index, attempt),
      });
    }
  });
}
