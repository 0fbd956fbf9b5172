import { connect, headers, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { orderContracts, productContracts } from '@souk/contracts';
import { natsOptions } from '@souk/stack';
import { z } from 'zod';
import type { History } from '../history/history.ts';
import { now } from '../clients/http.ts';
import type { Random } from '../random.ts';

const { reserve, release, settle, restock } = productContracts;
const { place, resolve, cancel, move } = orderContracts;
const SUBJECTS = [reserve, release, settle, restock, place, resolve, cancel, move].map(({ subject }) => subject);
const DEADLINE = 'Souk-Deadline';
/** Marks what was sent by us, so that it is not sent again for ever. */
const MARK = 'Chaos-Redelivered';
const LATEST_MS = 6_000;

const AboutOrder = z.object({ orderId: z.string() });

/** Listens to the bus and delivers messages of the order protocol a second time: at once, or seconds later. */
export class Redeliverer {
  readonly #bus: NatsConnection;
  readonly #history: History;
  readonly #random: Random;
  readonly #late = new Set<NodeJS.Timeout>();
  #share = 0;

  private constructor(bus: NatsConnection, history: History, random: Random) {
    this.#bus = bus;
    this.#history = history;
    this.#random = random;
    for (const subject of SUBJECTS) bus.subscribe(subject, { callback: (_error, message) => this.#hear(message) });
  }

  /** Connects to the server itself, not through a proxy. */
  static async open(url: string, history: History, random: Random): Promise<Redeliverer> {
    const options = { ...natsOptions(url), name: 'souk-chaos', maxReconnectAttempts: -1, reconnectTimeWait: 200 };
    return new Redeliverer(await connect(options), history, random);
  }

  /** Repeats this share of the messages until the answer is called. */
  start(share: number): () => void {
    this.#share = share;
    return () => {
      this.#share = 0;
    };
  }

  /** Forgets what it would have sent later, and leaves. */
  async close(): Promise<void> {
    this.#share = 0;
    for (const timer of this.#late) clearTimeout(timer);
    await this.#bus.close();
  }

  #hear(message: Msg): void {
    if (message.headers?.has(MARK) || !this.#random.chance(this.#share)) return;
    if (this.#random.chance(0.5)) {
      this.#send(message, copyOf(message.headers));
      return;
    }
    const timer = setTimeout(
      () => {
        this.#late.delete(timer);
        // With its deadline it would be dropped unread.
        this.#send(message, copyOf(message.headers, DEADLINE));
      },
      this.#random.between(0, LATEST_MS),
    );
    this.#late.add(timer);
  }

  #send({ subject, data }: Msg, headers: MsgHdrs): void {
    if (this.#bus.isClosed()) return;
    const orderId = orderIn(data);
    this.#history.addRedelivery({ subject, at: now(), orderId });
    this.#bus.publish(subject, data, { headers, reply: 'chaos.nobody' });
  }
}

function copyOf(original: MsgHdrs | undefined, ...without: string[]): MsgHdrs {
  const copy = headers();
  for (const name of original?.keys() ?? []) {
    if (!without.includes(name)) for (const value of original?.values(name) ?? []) copy.append(name, value);
  }
  copy.set(MARK, 'yes');
  return copy;
}

function orderIn(data: Uint8Array): string | undefined {
  return AboutOrder.safeParse(JSON.parse(new TextDecoder().decode(data))).data?.orderId;
}
