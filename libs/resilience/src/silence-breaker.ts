import { ConsecutiveBreaker, type IBreaker } from 'cockatiel';

/**
 * Opens when `threshold` calls in a row have failed and none has succeeded for `silenceMs`. Failures alone would not do:
 * the calls that one frozen replica of two has swallowed time out together, and look like a row.
 */
export class SilenceBreaker implements IBreaker {
  readonly #row: ConsecutiveBreaker;
  readonly #silenceMs: number;
  #heardAt = -Infinity;

  constructor(threshold: number, silenceMs: number) {
    this.#row = new ConsecutiveBreaker(threshold);
    this.#silenceMs = silenceMs;
  }

  get state(): number {
    return this.#row.state;
  }

  set state(value: number) {
    this.#row.state = value;
  }

  success(): void {
    this.#row.success();
    this.#heardAt = performance.now();
  }

  failure(): boolean {
    return this.#row.failure() && performance.now() - this.#heardAt >= this.#silenceMs;
  }
}
