import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { OrderLine } from '@souk/contracts';
import { Agent } from 'undici';
import { z } from 'zod';
import { messageOf } from '../clients/http.ts';
import type { System } from '../system.ts';
import { messageFor, type Status } from './crowd-of-clients.ts';

/** Milliseconds a client waits; far longer than the shop promises to take. */
export const PATIENCE_MS = 10_000;
const Problem = z.looseObject({ code: z.string() });
const LoggedIn = z.object({ accessToken: z.string() });
const Created = z.object({ id: z.string() });
const Product = z.object({ stock: z.number() });

/** One answer, read to its end. */
export type Answer = Status & { code: string | undefined; body: string; replayed: boolean };

type Ask = { method?: 'GET' | 'POST'; token?: string | undefined; key?: string | undefined; body?: unknown };

/** Calls the shop from outside, as a customer and as its admin. */
export class Visitor {
  #agent = new Agent({ connections: 2_000, pipelining: 1 });
  readonly #system: System;
  #customer = '';
  #admin = '';

  private constructor(system: System) {
    this.#system = system;
  }

  /** Registers a customer and logs the admin in. */
  static async enter(system: System): Promise<Visitor> {
    const visitor = new Visitor(system);
    const { adminEmail, adminPassword } = system.summary.credentials;
    visitor.#customer = await visitor.#register();
    visitor.#admin = await visitor.#session('/api/auth/login', { email: adminEmail, password: adminPassword });
    return visitor;
  }

  /** Another customer, over the same connections. */
  async another(): Promise<Visitor> {
    const visitor = new Visitor(this.#system);
    visitor.#agent = this.#agent;
    visitor.#admin = this.#admin;
    visitor.#customer = await visitor.#register();
    return visitor;
  }

  /** Never throws. */
  async ask(path: string, { method = 'GET', token, key, body }: Ask = {}): Promise<Answer> {
    const at = performance.now();
    try {
      const response = await this.#agent.request({
        origin: this.#system.summary.baseUrl,
        ...messageOf({ method, path, token, key, body }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await response.body.text();
      const { statusCode: status, headers } = response;
      const replayed = headers['idempotent-replayed'] === 'true';
      return { status, code: codeIn(status, text), body: text, replayed, at, ms: performance.now() - at };
    } catch (error) {
      return { status: 0, code: String(error), body: '', replayed: false, at, ms: performance.now() - at };
    }
  }

  place(items: OrderLine[], key?: string): Promise<Answer> {
    return this.ask('/api/orders', { method: 'POST', token: this.#customer, key, body: { items } });
  }

  /** The bytes of an order, for those who place many. */
  orderMessage(items: OrderLine[]): Buffer {
    const origin = this.#system.summary.baseUrl;
    return messageFor({ origin, path: '/api/orders', token: this.#customer, body: { items } });
  }

  /** Asks with one key until the answer is an order or a refusal that stands. */
  async placeSurely(items: OrderLine[]): Promise<Answer> {
    const key = randomUUID();
    for (;;) {
      const answer = await this.place(items, key);
      if (answer.status === 201 || answer.code === 'OUT_OF_STOCK') return answer;
      await pause(50 + Math.random() * 100);
    }
  }

  orders(): Promise<Answer> {
    return this.ask('/api/orders?limit=20', { token: this.#customer });
  }

  /** The bytes of a look at a product: as a customer, so that Nginx does not answer from its cache. */
  lookMessage(productId: string): Buffer {
    return messageFor({
      origin: this.#system.summary.baseUrl,
      path: `/api/products/${productId}`,
      token: this.#customer,
    });
  }

  /** A new product's id. Throws where it cannot be made. */
  async stock(units: number): Promise<string> {
    const body = { name: `Drill ${randomUUID()}`, price: 29.99, category: 'Drill', stock: units };
    const answer = await this.ask('/api/products', { method: 'POST', token: this.#admin, body });
    return Created.parse(JSON.parse(answer.body)).id;
  }

  async left(productId: string): Promise<number> {
    return Product.parse(JSON.parse((await this.ask(`/api/products/${productId}`)).body)).stock;
  }

  leave(): Promise<void> {
    return this.#agent.destroy();
  }

  #register(): Promise<string> {
    const customer = { email: `drill-${randomUUID()}@souk.test`, password: randomUUID(), name: 'Drill' };
    return this.#session('/api/auth/register', customer);
  }

  async #session(path: string, body: object): Promise<string> {
    const answer = await this.ask(path, { method: 'POST', body });
    return LoggedIn.parse(JSON.parse(answer.body)).accessToken;
  }
}

function codeIn(status: number, text: string): string | undefined {
  return status < 400 ? undefined : Problem.safeParse(JSON.parse(text)).data?.code;
}
