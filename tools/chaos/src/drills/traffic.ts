import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Visitor } from './visitor.ts';

export const isOk = ({ status }: Pick<Answer, 'status'>): boolean => status >= 200 && status < 300;
/** What a client sees as our fault: 5xx, or no answer. */
export const isError = ({ status }: Answer): boolean => status >= 500 || status === 0;

/** Asks `perSecond` times a second until `isOver`, whether or not anybody answers (open loop: RELIABILITY §3). */
export async function openLoop<A>(
  perSecond: number,
  isOver: (elapsedSeconds: number) => boolean,
  ask: () => Promise<A>,
): Promise<A[]> {
  const asked: Promise<A>[] = [];
  const start = performance.now();
  for (;;) {
    const elapsed = (performance.now() - start) / 1_000;
    if (isOver(elapsed)) return Promise.all(asked);
    while (asked.length < elapsed * perSecond) asked.push(ask());
    await pause(1);
  }
}

export const after =
  (seconds: number) =>
  (elapsed: number): boolean =>
    elapsed >= seconds;

/** Asks with `clients` that each wait for their answer before they ask again (closed loop). */
export async function closedLoop<A>(clients: number, seconds: number, ask: () => Promise<A>): Promise<A[]> {
  const end = performance.now() + seconds * 1_000;
  const one = async () => {
    const answers: A[] = [];
    while (performance.now() < end) answers.push(await ask());
    return answers;
  };
  return (await Promise.all(Array.from({ length: clients }, one))).flat();
}

/** How many customers there are: one alone would have thousands of orders, which SecantusDB walks through to list twenty. */
const CUSTOMERS = 20;

/** The everyday mix: of ten calls four read the catalogue, three read orders, three place one with a key. */
export async function everyday(first: Visitor, productId: string): Promise<() => Promise<Answer>> {
  const others = await Promise.all(Array.from({ length: CUSTOMERS - 1 }, () => first.another()));
  let turn = 0;
  return () => {
    turn += 1;
    const visitor = others[Math.floor(turn / 10) % CUSTOMERS] ?? first;
    if (turn % 10 < 4) return visitor.ask(`/api/products?limit=${1 + (turn % 50)}`);
    if (turn % 10 < 7) return visitor.orders();
    return visitor.place([{ productId, quantity: 1 }], crypto.randomUUID());
  };
}

/** Everyday traffic from 3 s before something happens until 5 s after it did. Answers what clients saw. */
export async function during(visitor: Visitor, perSecond: number, event: () => Promise<unknown>): Promise<Answer[]> {
  const ask = await everyday(visitor, await visitor.stock(1_000_000));
  let isOver = false;
  const answers = openLoop(perSecond, () => isOver, ask);
  await pause(3_000);
  await event();
  await pause(5_000);
  isOver = true;
  return answers;
}
