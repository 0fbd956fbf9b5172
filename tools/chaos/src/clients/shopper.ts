import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type OrderLine, orderEndpoints } from '@souk/contracts';
import { z } from 'zod';
import type { Call } from '../history/call.ts';
import type { Random } from '../random.ts';
import type { Act, Client } from './client.ts';
import type { Market, Receipt } from './market.ts';
import type { Session } from './session.ts';

const TRIES = 4;
const RETRY_AFTER_MS = 150;

const Placed = z.object({ id: z.string() });

/** A customer: places orders with and without keys, asks again, changes its mind. */
export class Shopper implements Client {
  readonly name: string;
  readonly #market: Market;
  readonly #session: Session;
  readonly #random: Random;

  readonly acts: readonly Act[] = [
    { weight: 12, run: () => this.#placeOnce() },
    { weight: 30, run: () => this.#placeWithKey() },
    { weight: 8, run: () => this.#sendAgain() },
    { weight: 3, run: () => this.#placeAtOnce() },
    { weight: 3, run: () => this.#otherBody() },
    { weight: 12, run: () => this.#cancel() },
    { weight: 20, run: () => this.#read() },
    { weight: 12, run: () => this.#list() },
  ];

  constructor(name: string, market: Market, session: Session, random: Random) {
    this.name = name;
    this.#market = market;
    this.#session = session;
    this.#random = random;
  }

  async #placeOnce(): Promise<void> {
    await this.#place(this.#market.basket(this.#random), undefined);
  }

  async #placeWithKey(): Promise<void> {
    await this.#untilKnown(randomUUID(), this.#market.basket(this.#random));
  }

  /** Several devices of one customer at the same moment. */
  async #placeAtOnce(): Promise<void> {
    const key = randomUUID();
    const lines = this.#market.basket(this.#random);
    const devices = Array.from({ length: this.#random.int(2, 5) }, () => this.#untilKnown(key, lines));
    await Promise.all(devices);
  }

  async #sendAgain(): Promise<void> {
    const earlier = this.#mine(({ key }) => key !== undefined);
    if (earlier) await this.#place(earlier.lines, earlier.key);
  }

  async #otherBody(): Promise<void> {
    const earlier = this.#mine(({ key }) => key !== undefined);
    if (!earlier) return;
    const lines = earlier.lines.map((line, index) => (index === 0 ? { ...line, quantity: line.quantity + 7 } : line));
    await this.#place(lines, earlier.key);
  }

  async #cancel(): Promise<void> {
    const order = this.#mine(() => true);
    if (!order) return;
    const path = orderEndpoints.cancel.path.replace(':id', order.orderId);
    const subject = { kind: 'cancel', orderId: order.orderId } as const;
    const times = this.#random.chance(0.3) ? 2 : 1;
    const cancel = () => this.#session.ask(this.name, subject, { method: 'POST', path });
    await Promise.all(Array.from({ length: times }, cancel));
  }

  async #read(): Promise<void> {
    const order = this.#mine(() => true);
    if (!order) return;
    const path = orderEndpoints.get.path.replace(':id', order.orderId);
    await this.#session.ask(this.name, { kind: 'get', orderId: order.orderId }, { method: 'GET', path });
  }

  async #list(): Promise<void> {
    const path = `${orderEndpoints.list.path}?limit=5`;
    await this.#session.ask(this.name, { kind: 'list' }, { method: 'GET', path });
  }

  async #untilKnown(key: string, lines: OrderLine[]): Promise<void> {
    for (let tried = 0; tried < TRIES; tried += 1) {
      const call = await this.#place(lines, key);
      if (isKnown(call)) return;
      await pause(RETRY_AFTER_MS * this.#random.between(0.5, 2 ** tried));
    }
    this.#market.pending.push({ session: this.#session, key, lines });
  }

  async #place(lines: OrderLine[], key: string | undefined): Promise<Call> {
    const call = await place(this.name, this.#session, lines, key);
    if (call.body !== undefined && call.replayed !== true) {
      const { id: orderId } = Placed.parse(JSON.parse(call.body));
      this.#market.keep({ orderId, session: this.#session, key, lines });
    }
    return call;
  }

  #mine(fits: (receipt: Receipt) => boolean): Receipt | undefined {
    return this.#market.receipt(this.#random, (one) => one.session === this.#session && fits(one));
  }
}

/** One try at an order. */
export function place(name: string, session: Session, lines: OrderLine[], key: string | undefined): Promise<Call> {
  const request = { method: 'POST', path: orderEndpoints.place.path, key, body: { items: lines } } as const;
  return session.ask(name, { kind: 'place', key, lines }, request);
}

/** Whether asking again with the same key can tell no more than this. */
export const isKnown = ({ outcome, status, code }: Call): boolean =>
  outcome === 'ok' || (outcome === 'refused' && status !== 503 && status !== 0 && code !== 'ORDER_IN_PROGRESS');
