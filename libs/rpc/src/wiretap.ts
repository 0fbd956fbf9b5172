import { Injectable } from '@nestjs/common';
import { TAP_SECONDS, tapAsked, tapped, type TappedCall } from '@souk/contracts';
import { redacted } from '@souk/platform';
import { BusConnection } from './connection.ts';
import { publishEvent, subscribeEvent } from './events.ts';

const EVERYTHING = '';
/** Characters of a payload beyond which only its size is told: a tap must not be what fills the bus. */
const LARGEST = 20_000;

/** A call before it is made fit to be shown; `seconds` is how long it took until now. */
export interface SeenCall extends Omit<TappedCall, 'at' | 'milliseconds' | 'store'> {
  seconds: number;
  store?: TappedCall['store'] | undefined;
}

/**
 * Reports calls to whoever taps the bus. Replies go to inboxes that only the caller may read, so it is the ends of a call
 * that tell of it, and only while somebody asks them to: otherwise a call pays for one comparison.
 */
@Injectable()
export class Wiretap {
  readonly #openUntil = new Map<string, number>();
  #until = 0;

  constructor(private readonly connection: BusConnection) {
    subscribeEvent(connection, tapAsked, ({ subjects }) => this.#open(subjects));
  }

  /** Whether somebody wants to know of calls of this subject. */
  hears(subject: string): boolean {
    const now = performance.now();
    if (now >= this.#until) return false;
    return [EVERYTHING, subject].some((each) => now < (this.#openUntil.get(each) ?? 0));
  }

  report({ seconds, store = [], request, reply, ...call }: SeenCall): void {
    publishEvent(this.connection, tapped, {
      ...call,
      at: new Date(Date.now() - seconds * 1_000).toISOString(),
      milliseconds: Math.round(seconds * 1e6) / 1e3,
      request: shown(request),
      reply: shown(reply),
      store,
    });
  }

  #open(subjects: readonly string[]): void {
    this.#until = performance.now() + TAP_SECONDS * 1_000;
    for (const subject of subjects.length > 0 ? subjects : [EVERYTHING]) this.#openUntil.set(subject, this.#until);
  }
}

function shown(payload: unknown): unknown {
  const { length } = JSON.stringify(payload) ?? '';
  return length > LARGEST ? `[${length} characters]` : redacted(payload);
}
