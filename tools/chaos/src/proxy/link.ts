import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Pipe, type Way } from './pipe.ts';

/** `up` leads from the client to the server. */
export type Direction = 'up' | 'down';

export type Address = { host: string; port: number };

/** The two halves of one connection: `near` leads to the client, `far` to the server. */
type Connection = { near: Socket; far: Socket; pipes: readonly Pipe[] };

/** Undoes a fault; may be called again. */
export type Heal = () => void;

/** A TCP proxy before one server for one client, whose connections can be made to fail. */
export class Link {
  readonly #server: Server;
  readonly #target: Address;
  readonly #ways: Record<Direction, Way> = { up: clearWay(), down: clearWay() };
  readonly #connections = new Set<Connection>();
  #isRefusing = false;

  private constructor(target: Address) {
    this.#target = target;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => this.#accept(near));
  }

  /** Listens on a free port of the loopback. */
  static async open(target: Address): Promise<Link> {
    const link = new Link(target);
    link.#server.listen(0, '127.0.0.1');
    await once(link.#server, 'listening');
    return link;
  }

  get address(): Address {
    const { address: host, port } = this.#server.address() as AddressInfo;
    return { host, port };
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Each chunk takes this much longer in each direction. */
  delay(latencyMs: number, jitterMs: number): Heal {
    return this.#change({ latencyMs, jitterMs }, { latencyMs: 0, jitterMs: 0 }, ['up', 'down']);
  }

  /** Nothing arrives, nothing breaks; what was sent arrives after the heal. */
  hold(directions: readonly Direction[]): Heal {
    return this.#change({ isHeld: true }, { isHeld: false }, directions);
  }

  /** New connections are reset. */
  refuse(): Heal {
    this.#isRefusing = true;
    return () => {
      this.#isRefusing = false;
    };
  }

  /** Breaks all connections on both sides; answers how many. */
  reset(): number {
    const broken = [...this.#connections];
    for (const { near, far } of broken) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
    return broken.length;
  }

  /** Ends all connections in one direction only; answers how many. */
  halfClose(direction: Direction): number {
    for (const { near, far } of this.#connections) (direction === 'up' ? far : near).end();
    return this.#connections.size;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.reset();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  #change(fault: Partial<Way>, usual: Partial<Way>, directions: readonly Direction[]): Heal {
    const apply = (change: Partial<Way>) => {
      for (const direction of directions) Object.assign(this.#ways[direction], change);
      for (const { pipes } of this.#connections) for (const pipe of pipes) pipe.flush();
    };
    apply(fault);
    return () => apply(usual);
  }

  #accept(near: Socket): void {
    // Who breaks off is told to the other side by the pipe; the error itself says nothing more.
    near.on('error', () => undefined);
    if (this.#isRefusing) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ ...this.#target, allowHalfOpen: true, noDelay: true });
    far.on('error', () => undefined);
    const pipes = [new Pipe(near, far, this.#ways.up), new Pipe(far, near, this.#ways.down)];
    const connection = { near, far, pipes };
    this.#connections.add(connection);
    const forget = () => {
      if (near.destroyed && far.destroyed) this.#connections.delete(connection);
    };
    near.once('close', forget);
    far.once('close', forget);
  }
}

function clearWay(): Way {
  return { isHeld: false, latencyMs: 0, jitterMs: 0 };
}
