export interface RetryBudgetOptions {
  /** Retries earned by each call; default 0.1, one retry for ten calls. */
  perCall?: number;
  /** The most that can be saved up; default 10. */
  cap?: number;
}

/**
 * How many retries may be sent: a share of the calls, so that retries cannot multiply the load on a target that fails
 * because of its load. Counts calls, not time.
 */
export class RetryBudget {
  readonly #perCall: number;
  readonly #cap: number;
  #saved: number;

  constructor({ perCall = 0.1, cap = 10 }: RetryBudgetOptions = {}) {
    this.#perCall = perCall;
    this.#cap = cap;
    this.#saved = cap;
  }

  /** Retries that may be sent now. */
  get left(): number {
    return Math.floor(this.#saved);
  }

  /** A first try was made. */
  earn(): void {
    this.#saved = Math.min(this.#cap, this.#saved + this.#perCall);
  }

  /** Takes one retry, if there is one. */
  spend(): boolean {
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}
