/**
 * Lets one through at once, and others who come meanwhile one after the other, `pauseMs` apart. Of a hundred requests that arrive
 * together Node would run each step for all of them before it looks who else has come. At most `limit` wait.
 */
export class Turnstile {
  readonly #waiting: (() => void)[] = [];
  #isFree = true;

  constructor(
    private readonly pauseMs: number,
    private readonly limit: number,
  ) {}

  /** False where too many wait: `go` is not called then. */
  enter(go: () => void): boolean {
    if (this.#waiting.length >= this.limit) return false;
    this.#waiting.push(go);
    if (this.#isFree) this.#turn();
    return true;
  }

  readonly #turn = (): void => {
    const go = this.#waiting.shift();
    this.#isFree = go === undefined;
    if (!go) return;
    setTimeout(this.#turn, this.pauseMs);
    go();
  };
}
