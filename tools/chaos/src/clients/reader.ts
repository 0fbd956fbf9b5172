import { orderEndpoints } from '@souk/contracts';
import type { Call } from '../history/call.ts';
import { orderIdIn } from '../checker/placed.ts';
import { askUntil } from './http.ts';
import type { Market } from './market.ts';
import type { Session } from './session.ts';

/** Of a long run's orders some are read back through the API, evenly spread; the store is compared for all. */
const MOST = 2_000;
const AT_ONCE = 16;
const READ_MS = 10_000;

/** Lets the owners read the orders they were told of. */
export async function readBack(market: Market, calls: readonly Call[]): Promise<void> {
  const sessions = new Map(market.users.map((session) => [session.userId, session]));
  const owners = new Map<string, Session>();
  for (const call of calls) {
    const session = sessions.get(call.userId ?? '');
    if (call.kind === 'place' && call.outcome === 'ok' && session) owners.set(orderIdIn(call), session);
  }
  const all = [...owners];
  const every = Math.max(1, Math.ceil(all.length / MOST));
  const left = all.filter((_, index) => index % every === 0);
  const worker = async () => {
    for (let next = left.pop(); next; next = left.pop()) await read(...next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function read(orderId: string, session: Session): Promise<void> {
  const path = orderEndpoints.get.path.replace(':id', orderId);
  const ask = () => session.ask('reader', { kind: 'get', orderId }, { method: 'GET', path });
  await askUntil(ask, ({ outcome, status }) => outcome === 'ok' || status === 404, READ_MS);
}
