import type { Call } from '../history/call.ts';
import type { Random } from '../random.ts';
import { Browser } from './browser.ts';
import { Clerk } from './clerk.ts';
import { keepActing, type Client } from './client.ts';
import { askUntil, now } from './http.ts';
import type { Market, Pending } from './market.ts';
import { isKnown, place, Shopper } from './shopper.ts';

/** How many there are of each and their part of all requests. Visitors keep being served while the store stands still. */
const SHOPPERS = { count: 40, share: 0.4 };
const CLERKS = { count: 4, share: 0.08 };
const VISITORS = { count: 24, share: 0.52 };
const RESOLVE_MS = 30_000;
/** An act of a shopper is more than one request where it asks again or sends several at once. */
const REQUESTS_PER_ACT = 1.1;

/** All clients at once, `rate` requests in a second together; resolves when the last has had its answer. */
export async function runCrowd(market: Market, rate: number, random: Random, signal: AbortSignal): Promise<void> {
  const crowd = [
    ...people(SHOPPERS, rate, (index) => new Shopper(`shopper-${index}`, market, userOf(market, index), random.fork())),
    ...people(CLERKS, rate, (index) => new Clerk(`clerk-${index}`, market, random.fork())),
    ...people(VISITORS, rate, (index) => new Browser(`visitor-${index}`, market, random.fork())),
  ];
  await Promise.all(crowd.map(({ client, everyMs }) => keepActing(client, everyMs, random.fork(), signal)));
}

/**
 * Asks for every key that is still unknown until it is not, as many at once as there were shoppers; answers those that
 * stayed so.
 */
export async function resolvePending(market: Market): Promise<Pending[]> {
  const pending = market.pending.splice(0);
  const end = now() + RESOLVE_MS;
  const unresolved: Pending[] = [];
  const resolveNext = async () => {
    for (let one = pending.shift(); one; one = pending.shift()) {
      if (!isKnown(await resolve(one, end - now()))) unresolved.push(one);
    }
  };
  await Promise.all(Array.from({ length: SHOPPERS.count }, resolveNext));
  return unresolved;
}

function resolve({ session, key, lines }: Pending, timeoutMs: number): Promise<Call> {
  return askUntil(() => place('resolver', session, lines, key), isKnown, timeoutMs);
}

function people({ count, share }: typeof SHOPPERS, rate: number, make: (index: number) => Client) {
  const everyMs = (count / (rate * share)) * 1_000 * REQUESTS_PER_ACT;
  return Array.from({ length: count }, (_, index) => ({ client: make(index + 1), everyMs }));
}

function userOf({ users }: Market, index: number) {
  const user = users[index % users.length];
  if (!user) throw new Error('a market has users');
  return user;
}
