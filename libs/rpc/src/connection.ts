import { connect, type NodeConnectionOptions } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/nats-core';
import { inboxOf } from '@souk/contracts';
import { Outgoing } from './outgoing.ts';
import { Requests } from './requests.ts';

export interface BusConnectionOptions {
  /** The name of the app, shown by `nats server report connections` and sent as the caller of each request. */
  name: string;
  /** `nats://user:password@host:port`, several separated by commas. */
  url: string;
}

/**
 * One connection to NATS that knows whether it is up. It reconnects for ever; nats.js buffers what is sent meanwhile
 * until its timeout, so callers look at `isUp` first.
 */
export class BusConnection {
  isUp = true;
  readonly outgoing = new Outgoing();
  readonly requests: Requests;
  readonly #reconnected = new Set<() => void>();

  private constructor(
    readonly name: string,
    readonly nats: NatsConnection,
  ) {
    this.requests = new Requests(nats, this.outgoing, inboxOf(name));
    void this.#follow();
  }

  static async open({ name, url }: BusConnectionOptions): Promise<BusConnection> {
    return new BusConnection(
      name,
      await connect({ ...connectionDefaults, ...serversOf(url), name, inboxPrefix: inboxOf(name) }),
    );
  }

  /** Calls `listener` after each reconnect: what was announced meanwhile has been missed. */
  onReconnect(listener: () => void): void {
    this.#reconnected.add(listener);
  }

  /** A round trip to the broker. */
  async ping(): Promise<void> {
    if (!this.isUp) throw new Error('not connected');
    await this.nats.flush();
  }

  async close(): Promise<void> {
    if (!this.nats.isClosed()) await this.nats.drain().catch(() => this.nats.close());
  }

  async #follow(): Promise<void> {
    for await (const { type } of this.nats.status()) {
      if (type === 'disconnect' || type === 'close') this.isUp = false;
      if (type === 'reconnect') this.#becomeUp();
    }
  }

  #becomeUp(): void {
    this.isUp = true;
    for (const listener of this.#reconnected) listener();
  }
}

/**
 * A frozen or cut off broker is noticed within 6 s (nats.js would need four minutes), and a try to reach it again gives
 * up after 2 s (20 s), so that nobody still waits for a dead one when it is back.
 */
const connectionDefaults: NodeConnectionOptions = {
  maxReconnectAttempts: -1,
  waitOnFirstConnect: true,
  reconnectTimeWait: 250,
  reconnectJitter: 250,
  timeout: 2_000,
  pingInterval: 2_000,
  maxPingOut: 2,
  noAsyncTraces: true,
};

// The client takes credentials as options only, not in the URL.
function serversOf(url: string): NodeConnectionOptions {
  const urls = url.split(',').map((each) => new URL(each.includes('://') ? each : `nats://${each}`));
  const { username, password } = urls[0] ?? {};
  return {
    servers: urls.map(({ host }) => host),
    ...(username && { user: decodeURIComponent(username), pass: decodeURIComponent(password ?? '') }),
  };
}
