import { setTimeout as pause } from 'node:timers/promises';

/** The work that has begun and not ended. */
export class InFlight {
  readonly #running = new Set<Promise<void>>();

  get size(): number {
    return this.#running.size;
  }

  add(work: Promise<void>): void {
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }

  /** Resolves when nothing runs any more, whatever became of it, or when `limitMs` have passed. */
  async settled(limitMs: number): Promise<void> {
    const limit = new AbortController();
    await Promise.race([this.#empty(), pause(limitMs, undefined, limit).catch(() => undefined)]);
    limit.abort();
  }

  async #empty(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
