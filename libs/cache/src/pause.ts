import { announceBreaker } from './cache-channel.ts';

const THRESHOLD = 3;
const PAUSE_MS = 1_000;

/**
 * The breaker before Redis: after three failures in a row it is left alone for a second, then one command may try.
 * Not cockatiel's, which answers by throwing: here a refusal is the ordinary course (do without), on the hot path.
 */
export class Pause {
  #failures = 0;
  #until = 0;

  /** Whether a command may go. The first one after a pause is the probe; the rest wait for what it finds. */
  mayTry(): boolean {
    if (this.#failures < THRESHOLD) return true;
    if (performance.now() < this.#until) return false;
    this.#until = performance.now() + PAUSE_MS;
    return true;
  }

  succeeded(): void {
    if (this.#failures >= THRESHOLD) announceBreaker('Closed');
    this.#failures = 0;
  }

  failed(): void {
    this.#failures += 1;
    if (this.#failures === THRESHOLD) announceBreaker('Open');
    if (this.#failures >= THRESHOLD) this.#until = performance.now() + PAUSE_MS;
  }
}
