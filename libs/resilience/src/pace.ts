/** Milliseconds over which ends are counted. */
const WINDOW_MS = 100;
/** The weight of the newest window. */
const WEIGHT = 0.3;

/** How fast work ends while there is more of it than may run: the pace at which a queue gets shorter. */
export class Pace {
  readonly #now: () => number;
  #perMs: number | undefined;
  #since: number;
  #ended = 0;
  #isBusy = false;

  constructor(now: () => number) {
    this.#now = now;
    this.#since = now();
  }

  /** Something ended; `isBusy` if somebody waited for that. What ends in a quiet time says nothing about the pace. */
  ended(isBusy: boolean): void {
    const elapsed = this.#now() - this.#since;
    if (elapsed >= WINDOW_MS) this.#close(elapsed);
    this.#ended += 1;
    this.#isBusy ||= isBusy;
  }

  /** Milliseconds until `ahead` others have been started; 0 as long as nobody has had to wait. */
  waitOf(ahead: number): number {
    return this.#perMs === undefined ? 0 : ahead / this.#perMs;
  }

  #close(elapsed: number): void {
    if (this.#isBusy) {
      const measured = this.#ended / elapsed;
      this.#perMs = this.#perMs === undefined ? measured : this.#perMs + WEIGHT * (measured - this.#perMs);
    }
    this.#since = this.#now();
    this.#ended = 0;
    this.#isBusy = false;
  }
}
