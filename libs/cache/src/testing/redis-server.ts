import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '@souk/platform/testing';

const BOOT_MS = 20_000;

export interface RedisServerOptions {
  /** Default a free one. */
  port?: number;
  /** Where it saves; kept afterwards. Default a directory of its own that goes with it. */
  directory?: string;
}

/** A redis-server of one's own to freeze and kill. Its binary is `TEST_REDIS_SERVER`, set by the Vitest set-up. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const binary = process.env['TEST_REDIS_SERVER'];
  if (!binary) throw new Error('TEST_REDIS_SERVER must name a redis-server binary');
  const port = options.port ?? (await freePort());
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'souk-redis-')));
  const child = spawn(binary, ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', directory, '--save', ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const server = new RedisServer(child, port, options.directory === undefined ? directory : undefined);
  await untilReady(child).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  return server;
}

export class RedisServer implements AsyncDisposable {
  readonly url: string;
  readonly #ended: Promise<unknown>;

  constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    private readonly ownDirectory: string | undefined,
  ) {
    this.url = `redis://127.0.0.1:${port}`;
    this.#ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  }

  /** Alive, connected and silent. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  /** Kills it, frozen or not; nothing is saved. */
  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#ended;
    if (this.ownDirectory) await rm(this.ownDirectory, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

async function untilReady(child: ChildProcess): Promise<void> {
  if (!child.stdout) throw new Error('redis-server has no output to read');
  const lines = createInterface(child.stdout);
  const said: string[] = [];
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      said.push(line);
      if (line.includes('Ready to accept connections')) resolve();
    });
  });
  const failed = async (): Promise<never> => {
    await Promise.race([once(child, 'exit'), once(child, 'error'), once(AbortSignal.timeout(BOOT_MS), 'abort')]);
    throw new Error(`redis-server did not start: ${said.slice(-3).join('; ')}`);
  };
  await Promise.race([ready, failed()]);
}
