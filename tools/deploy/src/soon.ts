import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE_MS = 20_000;

/** Tries until `work` answers, `undefined` being no answer. Throws what it threw last, or that the time is up. */
export async function soon<T>(work: () => Promise<T | undefined>, deadline = Date.now() + DEADLINE_MS): Promise<T> {
  try {
    const answer = await work();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${DEADLINE_MS / 1_000} s: ${work}`);
  } catch (error) {
    if (Date.now() > deadline) throw error;
  }
  await pause(50);
  return soon(work, deadline);
}
