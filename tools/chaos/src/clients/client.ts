import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../random.ts';

/** Something a client may do next; `weight` is how often, in relation to the others. */
export type Act = { weight: number; run: () => Promise<void> };

export type Client = { name: string; acts: readonly Act[] };

/** Lets a client act every `everyMs` on average, one act after the other, until the signal. */
export async function keepActing(
  { acts }: Client,
  everyMs: number,
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  let next = performance.now() + random.between(0, everyMs);
  while (!signal.aborted) {
    await pause(Math.max(0, next - performance.now()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await draw(acts, random).run();
    // Who was kept waiting does not catch up in a burst.
    next = Math.max(next + everyMs * random.between(0.5, 1.5), performance.now());
  }
}

function draw(acts: readonly Act[], random: Random): Act {
  const total = acts.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.between(0, total);
  for (const act of acts) {
    left -= act.weight;
    if (left < 0) return act;
  }
  return random.pick(acts);
}
