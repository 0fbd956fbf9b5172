import { channel } from 'node:diagnostics_channel';
import { Pace } from './pace.ts';
import { type Waiting, WaitingLine } from './waiting-line.ts';

/** Published for each refusal, as `{ name, priority, reason }`. */
export const shedChannel = channel('souk:shed');
/** Published when something starts or ends, as `{ name, inFlight, waiting }`. */
export const inFlightChannel = channel('souk:inFlight');

/** Milliseconds a burst may wait: what is left of the three seconds a client waits is enough to do the work. */
const LONGEST_WAIT_MS = 1_800;
/** Milliseconds before its time is up that whoever waits is told: later nobody hears it, and has to guess what was done. */
const TELLING_MS = 100;
/** How many times the limit of its class a burst may be: 200 buyers at once where 32 may be in flight. */
const BURST = 6;
/** Milliseconds new arrivals may expect to wait as long as others were refused a short while ago. */
const OVERLOADED_WAIT_MS = 100;
/** Milliseconds that whoever waits when the wait is standing may have waited in the end, or is set aside. */
const IN_TIME_MS = 250;
/** Milliseconds that while lasts. */
const OVERLOADED_FOR_MS = 1_000;
/** Milliseconds between two looks at those whose time may have passed. */
const SWEEP_EVERY_MS = 50;

/** Why something was not started: there is too much of it, or nobody waits for it any more. */
export type Refusal = 'overloaded' | 'expired';

type Answer = (refusal?: Refusal) => void;

export interface AdmissionOptions<P extends string> {
  /** Whose limit it is, for those who listen on the channels. */
  name: string;
  /** What may be in flight at once. */
  limit: number;
  /** The classes, highest first, and the share of the limit that each may use together with those below it. */
  shares: Readonly<Record<P, number>>;
  /** The share of the limit that a class may use by itself, where that is less: of work that is slow and would keep out the rest. */
  alone?: Readonly<Partial<Record<P, number>>>;
  /** How many times the limit of its class a burst may be, where that is not `BURST`. */
  bursts?: Readonly<Partial<Record<P, number>>>;
  now?: () => number;
}

interface Entry<P> extends Waiting {
  priority: P;
  answer: Answer;
}

interface PriorityClass<P> {
  line: WaitingLine<Entry<P>>;
  /** In flight of this class and those below it. */
  used: number;
  limit: number;
  /** In flight of this class alone. */
  own: number;
  ownLimit: number;
  /** How many may wait when the wait is standing. */
  longest: number;
}

/**
 * Limits what is in flight, with a short queue for each class before the limit. A higher class is taken first. A burst
 * may wait; when there are more and the wait is standing, new arrivals are refused at once, so that what is accepted is
 * accepted in time.
 * Once the wait is standing, who has waited long comes after those who arrive: a queue as long as a burst would make late
 * what is accepted after it, too (adaptive LIFO: Maurer, Fail at Scale, 2015).
 * While others are refused, so is who is expected to wait too long, by how many are before and how fast work ended of late.
 */
export class Admission<P extends string> {
  readonly #name: string;
  readonly #now: () => number;
  readonly #classes: ReadonlyMap<P, PriorityClass<P>>;
  #timer: NodeJS.Timeout | undefined;
  readonly #pace: Pace;
  #overloadedUntil = -Infinity;
  #starting = false;
  #inFlight = 0;

  constructor({ name, limit, shares, alone, bursts, now = () => performance.now() }: AdmissionOptions<P>) {
    this.#name = name;
    this.#now = now;
    this.#pace = new Pace(now);
    const places = (share: number) => Math.max(1, Math.floor(limit * share));
    this.#classes = new Map(
      (Object.keys(shares) as P[]).map((priority) => {
        const together = places(shares[priority]);
        const longest = together * (bursts?.[priority] ?? BURST);
        const limits = { limit: together, ownLimit: places(alone?.[priority] ?? 1), longest };
        return [priority, { line: new WaitingLine<Entry<P>>(), used: 0, own: 0, ...limits }];
      }),
    );
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return [...this.#classes.values()].reduce((sum, { line }) => sum + line.length, 0);
  }

  /** Whether one that came now would be refused at once; it counts as refused then. */
  refuses(priority: P): boolean {
    const { line } = this.#classOf(priority);
    const isFree = line.ahead === 0 && this.#fits(priority);
    if (isFree || !this.#isTooMuch(priority, this.#now())) return false;
    this.#tell(priority, 'overloaded');
    return true;
  }

  /**
   * Asks for a place, for `remainingMs` at most. `answer` is called once, at once or later: without a refusal the work
   * may start, and `leave` is owed. It may be called from within another request's call of `leave`.
   */
  enter(priority: P, remainingMs: number, answer: Answer): void {
    const now = this.#now();
    const { line } = this.#classOf(priority);
    const until = now + Math.min(remainingMs - TELLING_MS, LONGEST_WAIT_MS);
    const entry: Entry<P> = { priority, since: now, until, answer };
    if (remainingMs <= 0) this.#refuse(entry, 'expired');
    else if (line.ahead === 0 && this.#fits(priority)) this.#start(entry);
    else if (this.#isTooMuch(priority, now)) this.#refuse(entry, 'overloaded');
    else this.#queue(line, entry);
  }

  /** What was started with this priority has ended. */
  leave(priority: P): void {
    this.#count(priority, -1);
    this.#pace.ended(this.waiting > 0);
    if (this.#starting) return;
    this.#starting = true;
    let next = this.#next();
    while (next) {
      this.#begin(next);
      next = this.#next();
    }
    this.#starting = false;
    this.#announce();
  }

  // Looks at the line as it finds it, so this is also where it is put in order, and where an overload is noted.
  #isTooMuch(priority: P, now: number): boolean {
    const { line, longest } = this.#classOf(priority);
    const isOverloaded = now < this.#overloadedUntil;
    const isStanding = line.isStanding(now) || line.hasAside;
    if (isStanding) this.#order(line, now, isOverloaded);
    const isTooMuch = isOverloaded
      ? line.isStanding(now) || this.#pace.waitOf(line.ahead) > OVERLOADED_WAIT_MS
      : isStanding && line.length >= longest;
    if (isTooMuch) this.#overloadedUntil = now + OVERLOADED_FOR_MS;
    return isTooMuch;
  }

  // Where there is time for all who wait, they come in the order in which they came: a few more clients than there is room for
  // would otherwise go round and round before the one who was late once.
  #order(line: WaitingLine<Entry<P>>, now: number, isOverloaded: boolean): void {
    const isLong = isOverloaded || this.#pace.waitOf(line.length) > IN_TIME_MS;
    if (isLong) line.setAside(({ since }, ahead) => now - since + this.#pace.waitOf(ahead) > IN_TIME_MS);
    else line.takeBack();
  }

  #queue(line: WaitingLine<Entry<P>>, entry: Entry<P>): void {
    line.push(entry);
    this.#sweepSoon();
    this.#announce();
  }

  #next(): Entry<P> | undefined {
    for (const [priority, { line }] of this.#classes) {
      const next = this.#fits(priority) ? line.shift(this.#now()) : undefined;
      if (next) return next;
    }
    return undefined;
  }

  #begin(entry: Entry<P>): void {
    if (entry.until <= this.#now()) this.#refuse(entry, 'overloaded');
    else this.#start(entry);
  }

  #start({ priority, answer }: Entry<P>): void {
    this.#count(priority, 1);
    this.#announce();
    answer();
  }

  #refuse({ priority, answer }: Entry<P>, reason: Refusal): void {
    this.#tell(priority, reason);
    answer(reason);
  }

  #tell(priority: P, reason: Refusal): void {
    if (shedChannel.hasSubscribers) shedChannel.publish({ name: this.#name, priority, reason });
  }

  // One timer for all, and only while somebody waits: the work in flight may hang.
  #sweepSoon(): void {
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#sweep(), SWEEP_EVERY_MS);
  }

  #sweep(): void {
    this.#timer = undefined;
    const now = this.#now();
    for (const { line } of this.#classes.values()) {
      for (const entry of line.takeLate(now)) this.#refuse(entry, 'overloaded');
    }
    if (this.waiting > 0) this.#sweepSoon();
  }

  // A class counts against its own limit and those of all classes above it, which come first in the map.
  #fits(priority: P): boolean {
    const { own, ownLimit } = this.#classOf(priority);
    if (own >= ownLimit) return false;
    for (const [each, { used, limit }] of this.#classes) {
      if (used >= limit) return false;
      if (each === priority) return true;
    }
    return false;
  }

  #count(priority: P, change: 1 | -1): void {
    this.#inFlight += change;
    this.#classOf(priority).own += change;
    for (const [each, state] of this.#classes) {
      state.used += change;
      if (each === priority) return;
    }
  }

  #classOf(priority: P): PriorityClass<P> {
    const known = this.#classes.get(priority);
    if (!known) throw new TypeError(`${this.#name} knows no priority ${priority}`);
    return known;
  }

  #announce(): void {
    if (!inFlightChannel.hasSubscribers) return;
    inFlightChannel.publish({ name: this.#name, inFlight: this.#inFlight, waiting: this.waiting });
  }
}
