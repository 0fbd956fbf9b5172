import {
  createInbox,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from '@nats-io/nats-core';
import type { Outgoing } from './outgoing.ts';

/** NATS answers so, with nothing in it, where nobody listens (ADR-1 of its clients). */
const NO_RESPONDERS = 503;

interface Waiting {
  subject: string;
  timer: NodeJS.Timeout;
  resolve: (reply: Msg) => void;
  reject: (reason: Error) => void;
}

/**
 * Requests over one subscription, as nats.js makes them, which for each draws up four promises and, even for one that is answered,
 * an error with its stack: a twentieth of what a read costs the gateway.
 */
export class Requests {
  readonly #waiting = new Map<string, Waiting>();
  readonly #inbox: string;
  #count = 0;

  constructor(
    private readonly nats: NatsConnection,
    private readonly outgoing: Outgoing,
    inboxPrefix: string,
  ) {
    this.#inbox = `${createInbox(inboxPrefix)}.`;
    nats.subscribe(`${this.#inbox}*`, { callback: (error, reply) => void (error ?? this.#settle(reply)) });
    void nats.closed().then(() => this.#giveUp());
  }

  /** Rejects with `NoRespondersError` where nobody listens, with `TimeoutError`, and with `RequestError` on a closed connection. */
  ask(subject: string, payload: string, { timeoutMs, headers }: { timeoutMs: number; headers: MsgHdrs }): Promise<Msg> {
    return new Promise((resolve, reject) => {
      const token = String(this.#count++);
      const message = { headers, reply: this.#inbox + token };
      this.outgoing
        .send(() => this.nats.publish(subject, payload, message))
        .catch((error: Error) => this.#take(token)?.reject(error));
      const timer = setTimeout(() => this.#take(token)?.reject(new TimeoutError()), timeoutMs);
      this.#waiting.set(token, { subject, timer, resolve, reject });
    });
  }

  #settle(reply: Msg): void {
    const waiting = this.#take(reply.subject.slice(this.#inbox.length));
    if (!waiting) return;
    if (reply.data.length === 0 && reply.headers?.code === NO_RESPONDERS) {
      waiting.reject(new NoRespondersError(waiting.subject));
    } else waiting.resolve(reply);
  }

  #take(token: string): Waiting | undefined {
    const waiting = this.#waiting.get(token);
    this.#waiting.delete(token);
    clearTimeout(waiting?.timer);
    return waiting;
  }

  #giveUp(): void {
    for (const { timer, reject } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new RequestError('connection closed'));
    }
    this.#waiting.clear();
  }
}
