type Waiter = () => void;

/** Lets at most `limit` pieces of work on one key run at a time, in the order they came; keys do not wait for each other. */
export class Turns {
  readonly #limit: () => number;
  readonly #running = new Map<string, number>();
  readonly #waiting = new Map<string, Waiter[]>();

  /** `limit` is asked each time; at least 1. */
  constructor(limit: () => number) {
    this.#limit = limit;
  }

  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    await this.#enter(key);
    try {
      return await work();
    } finally {
      this.#leave(key);
    }
  }

  /** Keys that somebody works on; others are forgotten. */
  get size(): number {
    return this.#running.size;
  }

  #enter(key: string): Promise<void> | void {
    if (this.#start(key)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = this.#waiting.get(key);
    if (waiting) waiting.push(resolve);
    else this.#waiting.set(key, [resolve]);
    return promise;
  }

  #leave(key: string): void {
    const running = (this.#running.get(key) ?? 1) - 1;
    if (running > 0) this.#running.set(key, running);
    else this.#running.delete(key);
    const waiting = this.#waiting.get(key) ?? [];
    // Whoever waits is given the place here, so that nobody who comes in between can take it.
    while (waiting.length > 0 && this.#start(key)) waiting.shift()?.();
    if (waiting.length === 0) this.#waiting.delete(key);
  }

  #start(key: string): boolean {
    const running = this.#running.get(key) ?? 0;
    if (running >= this.#limit()) return false;
    this.#running.set(key, running + 1);
    return true;
  }
}
