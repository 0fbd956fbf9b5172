import { connect, type Socket } from 'node:net';

/** What one of the crowd was answered; `status` is 0 where no answer came. Times are milliseconds on the monotonic clock. */
export type Status = { status: number; at: number; ms: number };

type Inquiry = { origin: string; path: string; token: string; body?: unknown };

/**
 * Asks for more than a shop can give, and looks at nothing but the status. The crowd shares the machine with the shop: with
 * undici a request that was refused in 5 ms cost its client 230 µs of CPU, more than Nginx and the gateway together.
 */
export class CrowdOfClients {
  readonly #origin: URL;
  readonly #patienceMs: number;
  readonly #all = new Set<Connection>();
  /** The one used last is used first. */
  readonly #idle: Connection[] = [];

  constructor(origin: string, patienceMs: number) {
    this.#origin = new URL(origin);
    this.#patienceMs = patienceMs;
  }

  /** Never throws. */
  async send(message: Buffer): Promise<Status> {
    const at = performance.now();
    const connection = this.#free() ?? this.#open();
    const status = await connection.ask(message);
    if (connection.isOpen) this.#idle.push(connection);
    else this.#all.delete(connection);
    return { status, at, ms: performance.now() - at };
  }

  /** Sends one message after the other, and begins again after the last. */
  inTurn(messages: readonly Buffer[]): () => Promise<Status> {
    let turn = 0;
    return () => this.send(messages[turn++ % messages.length] ?? Buffer.of());
  }

  leave(): void {
    for (const connection of this.#all) connection.close();
  }

  #free(): Connection | undefined {
    let connection = this.#idle.pop();
    while (connection && !connection.isOpen) {
      this.#all.delete(connection);
      connection = this.#idle.pop();
    }
    return connection;
  }

  #open(): Connection {
    const connection = new Connection(this.#origin, this.#patienceMs);
    this.#all.add(connection);
    return connection;
  }
}

/** The bytes of a request, to be sent any number of times. */
export function messageFor({ origin, path, token, body }: Inquiry): Buffer {
  const json = body === undefined ? '' : JSON.stringify(body);
  const head = [
    `${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`,
    `Host: ${new URL(origin).host}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(json)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${json}`);
}

/** Asks one thing after the other, in as much of HTTP/1.1 as the shop answers in: each answer says how long it is. */
class Connection {
  readonly #socket: Socket;
  #received = '';
  #answer: ((status: number) => void) | undefined;

  constructor({ hostname, port }: URL, patienceMs: number) {
    // One character for each byte.
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true }).setEncoding('latin1');
    this.#socket.on('data', (text: string) => this.#read(text));
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => this.#settle(0));
    this.#socket.setTimeout(patienceMs, () => this.close());
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  ask(message: Buffer): Promise<number> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#socket.write(message);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#received += text;
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.#received.slice(0, headEnd);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
    if (this.#received.length < headEnd + 4 + length) return;
    this.#received = '';
    if (Number.isNaN(length) || /^connection: close/im.test(head)) this.close();
    this.#settle(Number.isNaN(length) ? 0 : Number(head.slice('HTTP/1.1 '.length, 12)));
  }

  #settle(status: number): void {
    this.#answer?.(status);
    this.#answer = undefined;
  }
}
