import { setTimeout as delay } from 'node:timers/promises';
import type { NginxFront } from './nginx-front.ts';
import type { Address } from './nginx.ts';

const EVERY_MS = 500;
/** One answer may be late. With a try of 0.7 s a frozen gateway is off in 2.4 s, its last calls have failed in 5.5 s. */
const MISSES = 2;

/** `gone`: nobody listens. */
export type Health = 'ready' | 'not-ready' | 'gone';

type Front = Pick<NginxFront, 'leadTo'>;

/**
 * Which gateways Nginx leads to: all but those that do not say they are ready. Open-source Nginx asks nobody, it learns from
 * callers' requests that fail: a frozen gateway would cost one every two seconds for as long as it is frozen. One that is
 * gone, killed or being restarted, costs nobody anything, Nginx passes it over; a reload for it would, as it closes
 * connections that callers keep.
 */
export class GatewayRota {
  readonly #gateways: readonly Address[];
  readonly #front: Front;
  readonly #ask: (gateway: Address) => Promise<Health>;
  readonly #misses = new Map<Address, number>();
  #on: readonly Address[];

  /** Begins with all `gateways` on, as Nginx is started. */
  constructor(gateways: readonly Address[], front: Front, ask: (gateway: Address) => Promise<Health>) {
    this.#gateways = gateways;
    this.#front = front;
    this.#ask = ask;
    this.#on = gateways;
  }

  /** Asks all of them, twice a second, until the signal; a lone one is never taken off. */
  async watch(signal: AbortSignal): Promise<void> {
    if (this.#gateways.length > 1) await Promise.all(this.#gateways.map((gateway) => this.#watch(gateway, signal)));
  }

  async #watch(gateway: Address, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const health = await this.#ask(gateway);
      if (signal.aborted) return;
      if (health === 'ready') this.#misses.delete(gateway);
      if (health === 'not-ready') this.#misses.set(gateway, (this.#misses.get(gateway) ?? 0) + 1);
      this.#lead();
      await delay(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  #lead(): void {
    const on = this.#gateways.filter((one) => (this.#misses.get(one) ?? 0) < MISSES);
    // When none is ready, Nginx may find out by itself which one is first to be.
    const next = on.length > 0 ? on : this.#gateways;
    if (next.length === this.#on.length && next.every((one) => this.#on.includes(one))) return;
    this.#on = next;
    this.#front.leadTo(next);
  }
}
