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

interface Question {
  service: string;
  subject: string;
  payload: string;
  headers: MsgHdrs;
  timeoutMs: number;
}

interface Waiting extends Pick<Question, 'service' | 'subject'> {
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
  readonly #underWay = new Map<string, number>();
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
  ask({ service, subject, payload, headers, timeoutMs }: Question): Promise<Msg> {
    return new Promise((resolve, reject) => {
      const token = String(this.#count++);
      const timer = setTimeout(() => this.#take(token)?.reject(new TimeoutError()), timeoutMs);
      this.#waiting.set(token, { service, subject, timer, resolve, reject });
      const message = { headers, reply: this.#inbox + token };
      this.outgoing
        .send(this.#counted(service, 1), () => this.nats.publish(subject, payload, message))
        .catch((error: Error) => this.#take(token)?.reject(error));
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
    if (!waiting) return undefined;
    this.#waiting.delete(token);
    clearTimeout(waiting.timer);
    this.#counted(waiting.service, -1);
    return waiting;
  }

  #counted(service: string, change: 1 | -1): number {
    const underWay = (this.#underWay.get(service) ?? 0) + change;
    this.#underWay.set(service, underWay);
    return underWay;
  }

  #giveUp(): void {
    for (const token of this.#waiting.keys()) this.#take(token)?.reject(new RequestError('connection closed'));
  }
}
