import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { UnknownProcess, type Restarted } from './rolling-restart.ts';

/** The kernel's limit for the path of a socket: 108 bytes on Linux, 104 on macOS, less the zero at the end. */
const LONGEST_PATH = 103;

const Restart = z.strictObject({ name: z.string(), replica: z.int().positive().optional() });

/** What can be asked of a running stack. */
export type Controlled = { restart: (name: string, replica?: number) => Promise<Restarted[]> };

/**
 * The door to a running stack: HTTP on a Unix socket that only its owner can open.
 * `POST /restart {name, replica?}` answers `{restarted: [{name, replica, pid, seconds}]}` when that is done, or `{error}`.
 */
export class Control {
  readonly path: string;
  readonly #server: Server;
  readonly #place: Disposable;

  private constructor(path: string, server: Server, place: Disposable) {
    this.path = path;
    this.#server = server;
    this.#place = place;
  }

  /** Listens in `directory`, or in a temporary one where that path is too long for a socket. */
  static async open(directory: string, stack: Controlled): Promise<Control> {
    const { path, ...place } = placeFor(directory);
    const server = createServer((request, response) => void handle(request, response, stack));
    await once(server.listen(path), 'listening');
    chmodSync(path, 0o600);
    return new Control(path, server, place);
  }

  /** Also cuts off who still waits for an answer. Removes the socket. */
  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
    this.#place[Symbol.dispose]();
  }
}

function placeFor(directory: string): { path: string } & Disposable {
  const path = join(directory, 'control.sock');
  if (Buffer.byteLength(path) > LONGEST_PATH) {
    const other = mkdtempSync(join(tmpdir(), 'souk-'));
    return { path: join(other, 'sock'), [Symbol.dispose]: () => rmSync(other, { recursive: true, force: true }) };
  }
  // Left behind by a run that was killed.
  rmSync(path, { force: true });
  return { path, [Symbol.dispose]: () => undefined };
}

async function handle(request: IncomingMessage, response: ServerResponse, stack: Controlled): Promise<void> {
  const { status, body } = await answer(request, stack);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function answer(request: IncomingMessage, stack: Controlled): Promise<{ status: number; body: object }> {
  if (request.method !== 'POST' || request.url !== '/restart') return failed(404, 'There is POST /restart only.');
  const asked = Restart.safeParse(await json(request).catch(() => undefined));
  if (!asked.success) return failed(400, z.prettifyError(asked.error));
  try {
    return { status: 200, body: { restarted: await stack.restart(asked.data.name, asked.data.replica) } };
  } catch (error) {
    return failed(error instanceof UnknownProcess ? 404 : 500, error instanceof Error ? error.message : String(error));
  }
}

function failed(status: number, error: string): { status: number; body: object } {
  return { status, body: { error } };
}
