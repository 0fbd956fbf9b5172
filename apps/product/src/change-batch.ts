/**
 * Tells what changed: at once after a quiet time, else together with all that changes until `intervalMs` after the
 * last telling.
 */
export class ChangeBatch {
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly intervalMs: number,
    private readonly tell: (ids: string[]) => void,
  ) {}

  add(ids: readonly string[]): void {
    for (const id of ids) this.#changed.add(id);
    if (!this.#timer) this.#next();
  }

  /** Tells what is left, and waits for nothing any more. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#changed.size === 0) return;
    const ids = [...this.#changed];
    this.#changed.clear();
    this.tell(ids);
  }

  #next(): void {
    if (this.#changed.size === 0) return this.flush();
    this.flush();
    this.#timer = setTimeout(() => this.#next(), this.intervalMs);
  }
}
