import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import { freePort } from '@souk/platform/testing';

/** A real nats-server on a free port, for one test file. `TEST_NATS_SERVER` names the binary. */
export class NatsServer {
  #process: ChildProcess | undefined;

  private constructor(readonly port: number) {}

  static async start(): Promise<NatsServer> {
    const server = new NatsServer(await freePort());
    await server.start();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Starts it again on the same port. */
  async start(): Promise<void> {
    const binary = process.env['TEST_NATS_SERVER'] ?? 'nats-server';
    this.#process = spawn(binary, ['-a', '127.0.0.1', '-p', String(this.port)], { stdio: 'ignore' });
    const nats = await connect({
      servers: this.url,
      maxReconnectAttempts: 100,
      reconnectTimeWait: 50,
      waitOnFirstConnect: true,
    });
    await nats.close();
  }

  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const process = this.#process;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const exited = once(process, 'exit');
    process.kill(signal);
    await exited;
  }

  /** Resolves when it does nothing any more: the signal is for one thread, and until that one runs on a busy machine the others go on. */
  async freeze(): Promise<void> {
    const process = this.#process;
    process?.kill('SIGSTOP');
    const tasks = `/proc/${process?.pid}/task`;
    if (!existsSync(tasks)) return;
    const isStopped = (id: string) => /\) T /.test(readFileSync(`${tasks}/${id}/stat`, 'utf8'));
    const deadline = Date.now() + 5_000;
    while (!readdirSync(tasks).every(isStopped)) {
      if (Date.now() > deadline) throw new Error('the broker does not stop');
      await pause(5);
    }
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
