export interface AdaptiveLimitOptions {
  min: number;
  max: number;
  /** Milliseconds from which on a piece of work was too slow. */
  slowMs: number;
  now?: () => number;
}

/**
 * How much work a target that others use too is given at once: one more for each full round that was fast enough, a tenth
 * less when something was too slow or failed (additive increase, multiplicative decrease: Chiu and Jain 1989, as TCP does
 * it). A fixed number is too small for a fast target or more than a slow one can do in time.
 */
export class AdaptiveLimit {
  readonly #options: AdaptiveLimitOptions;
  readonly #now: () => number;
  #limit: number;
  #loweredAt = -Infinity;

  constructor({ now = () => performance.now(), ...options }: AdaptiveLimitOptions) {
    this.#options = { ...options, now };
    this.#now = now;
    this.#limit = options.min;
  }

  get value(): number {
    return Math.floor(this.#limit);
  }

  /** Runs a piece of the work and learns from how it went. */
  async watch<T>(work: () => Promise<T>): Promise<T> {
    const start = this.#now();
    let isSlow = true;
    try {
      const result = await work();
      isSlow = this.#now() - start > this.#options.slowMs;
      return result;
    } finally {
      this.#learn(start, isSlow);
    }
  }

  #learn(start: number, isSlow: boolean): void {
    const { min, max } = this.#options;
    if (!isSlow) this.#limit = Math.min(max, this.#limit + 1 / this.#limit);
    // What began before the last step down says nothing about it.
    else if (start >= this.#loweredAt) {
      this.#limit = Math.max(min, this.#limit * 0.9);
      this.#loweredAt = this.#now();
    }
  }
}
