import type { RequestListener, Server, ServerResponse } from 'node:http';
import { Server as TcpServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds without a request after which open connections count as idle. */
const QUIET_MS = 100;
const LOOK_EVERY_MS = 20;
/** Longer than a request may take, shorter than a process may take to stop. */
const LIMIT_MS = 5_000;

/**
 * Lets an HTTP server go without losing a request: it accepts no connection any more, answers what still arrives on the
 * open ones with `Connection: close`, and closes these when nothing comes. Node's own `close()` closes idle connections
 * at once, and so breaks the request that a proxy is just sending on one of them.
 */
export class HttpDrain {
  readonly #connections = new Set<Socket>();
  readonly #running = new Set<ServerResponse>();
  #draining = false;
  #arrivedAt = -Infinity;

  constructor(private readonly server: Server) {
    server.prependListener('request', this.#follow);
    server.on('connection', (socket: Socket) => {
      this.#connections.add(socket);
      socket.once('close', () => this.#connections.delete(socket));
    });
  }

  /** Resolves when everything is answered. Waits for nothing where no connection is open. */
  async run(): Promise<void> {
    const start = performance.now();
    this.#draining = true;
    this.#arrivedAt = start;
    for (const response of this.#running) response.shouldKeepAlive = false;
    TcpServer.prototype.close.call(this.server);
    while (this.#isBusy() && performance.now() - start < LIMIT_MS) await pause(LOOK_EVERY_MS);
    this.server.closeIdleConnections();
  }

  readonly #follow: RequestListener = (_, response) => {
    this.#arrivedAt = performance.now();
    this.#running.add(response);
    if (this.#draining) response.shouldKeepAlive = false;
    response.once('close', () => this.#running.delete(response));
  };

  #isBusy(): boolean {
    if (this.#running.size > 0) return true;
    return this.#connections.size > 0 && performance.now() - this.#arrivedAt < QUIET_MS;
  }
}
