import { at, type InsertMessage, type Try } from './state.ts';
import type { Turn } from './step.ts';
import { insertOrder } from './store.ts';

/** Inserts in flight: each may be carried out at any time, whatever has become of its sender. */
export function insertSteps({ shop, state, emit }: Turn): void {
  for (const message of state.inserts) {
    const { byTry, attempt } = message;
    const order = { kind: 'order', id: shop.orderId(byTry), attempt, byTry, status: 'confirmed' } as const;
    const { stored, outcome } = insertOrder(shop, state.stored, order);
    const placing = at(state.tries, byTry);
    emit(`store: insert of try ${byTry} (attempt ${attempt}): ${outcome}`, {
      stored,
      inserts: state.inserts.filter((other) => other !== message),
      ...(isAwaited(placing, message) && { tries: state.tries.with(byTry, { ...placing, phase: outcome }) }),
    });
  }
}

const isAwaited = (placing: Try, message: InsertMessage): boolean =>
  placing.phase === 'inserting' && placing.attempt === message.attempt && placing.resent === message.again;
