import type { Call } from '../history/call.ts';
import type { OrderRow } from './evidence.ts';

const MOST = 8;

/** Calls in a few words each: when, who, what came of it. */
export function showCalls(calls: readonly Call[]): string {
  const shown = calls.slice(0, MOST).map(showCall).join('; ');
  return calls.length > MOST ? `${shown}; and ${calls.length - MOST} more` : shown;
}

export function showOrder({ _id, status, createdAt, items, total }: OrderRow): string {
  const lines = items.map(({ productId, quantity }) => `${quantity}×${productId}`).join(' ');
  return `order ${_id} ${status} ${clock(createdAt.getTime())} [${lines}] total ${total}`;
}

function showCall({ start, end, client, kind, status, code, replayed, outcome }: Call): string {
  const answer = [outcome, status, code, replayed ? 'replayed' : undefined].filter((part) => part !== undefined);
  return `${clock(start)}+${Math.round(end - start)}ms ${client} ${kind} ${answer.join(' ')}`;
}

/** The time of the day in UTC, as in the logs. */
const clock = (at: number): string => new Date(at).toISOString().slice(11, 23);
