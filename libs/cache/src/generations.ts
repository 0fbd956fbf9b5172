const MAX_TAGS = 10_000;

/**
 * Which tags were invalidated since a fill began. Bounded: the tags invalidated longest ago are forgotten, and a fill
 * that began before a forgotten one counts as overtaken. That costs a fill now and then and never keeps an old value.
 */
export class Generations {
  readonly #last = new Map<string, number>();
  #now = 0;
  #floor = 0;

  /** The moment to compare with later; it moves with every invalidation. */
  get now(): number {
    return this.#now;
  }

  /** Tags remembered one by one. */
  get size(): number {
    return this.#last.size;
  }

  invalidate(tags: Iterable<string>): void {
    this.#now += 1;
    for (const tag of tags) {
      this.#last.delete(tag);
      this.#last.set(tag, this.#now);
    }
    for (const [tag, generation] of this.#last) {
      if (this.#last.size <= MAX_TAGS) return;
      this.#floor = generation;
      this.#last.delete(tag);
    }
  }

  changedSince(moment: number, tags: readonly string[]): boolean {
    return this.#floor > moment || tags.some((tag) => (this.#last.get(tag) ?? 0) > moment);
  }
}
