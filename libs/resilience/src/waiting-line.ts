/** Milliseconds of waiting that are too many when they stand for a whole interval (CoDel's target and interval). */
const TARGET_MS = 100;
const INTERVAL_MS = 100;

export interface Waiting {
  /** Milliseconds, when it arrived and until when it is worth starting. */
  since: number;
  until: number;
}

/**
 * Who waits, first come first served, and after them those who were set aside. Knows a burst, which passes, from a standing
 * wait, which only makes everybody late (Nichols and Jacobson, Controlling Queue Delay): the wait stands when for a whole
 * interval nobody at the head had waited less than the target.
 */
export class WaitingLine<W extends Waiting> {
  #waiting: W[] = [];
  #aside: W[] = [];
  /** When the wait was last known to be short. */
  #shortAt = -Infinity;
  /** Since when the first one has been the first. */
  #headSince = -Infinity;

  get length(): number {
    return this.#waiting.length + this.#aside.length;
  }

  /** How many are before one that comes now. */
  get ahead(): number {
    return this.#waiting.length;
  }

  /** Whether somebody is left who was set aside. */
  get hasAside(): boolean {
    return this.#aside.length > 0;
  }

  /** From now on those for whom `isLate` holds come after all others; it is told how many are before them. */
  setAside(isLate: (waiting: W, ahead: number) => boolean): void {
    const kept: W[] = [];
    for (const each of this.#waiting) (isLate(each, kept.length) ? this.#aside : kept).push(each);
    this.#waiting = kept;
  }

  /** Nobody is set aside any more: first come, first served. */
  takeBack(): void {
    if (this.#aside.length === 0) return;
    this.#waiting = [...this.#aside, ...this.#waiting].toSorted((a, b) => a.since - b.since);
    this.#aside = [];
  }

  isStanding(now: number): boolean {
    this.#look(now);
    return now - this.#shortAt >= INTERVAL_MS;
  }

  push(waiting: W): void {
    if (this.#waiting.length === 0) this.#headSince = waiting.since;
    this.#waiting.push(waiting);
  }

  shift(now: number): W | undefined {
    this.#look(now);
    this.#headSince = now;
    return this.#waiting.shift() ?? this.#aside.shift();
  }

  /** Takes out all that are not worth starting any more. */
  takeLate(now: number): W[] {
    const late = [...this.#aside, ...this.#waiting].filter(({ until }) => until <= now);
    if (late.length === 0) return late;
    this.#aside = this.#aside.filter(({ until }) => until > now);
    this.#waiting = this.#waiting.filter(({ until }) => until > now);
    return late;
  }

  // The wait was short while whoever was the first had not waited for the target.
  #look(now: number): void {
    const head = this.#waiting[0];
    const shortUntil = head ? Math.min(now, head.since + TARGET_MS) : now;
    if (shortUntil >= this.#headSince) this.#shortAt = Math.max(this.#shortAt, shortUntil);
  }
}
