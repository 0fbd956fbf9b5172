import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Programs that end with the test that has started them. */
export class Servers implements AsyncDisposable {
  readonly #directory: string;
  readonly #running = new Map<string, ChildProcess>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Starts one under a name. */
  start(name: string, command: string | undefined, ...args: string[]): void {
    if (command === undefined) throw new Error(`there is no program for ${name}: the Vitest set-up names them`);
    this.#running.set(name, spawn(command, args, { stdio: 'ignore', cwd: this.#directory }));
  }

  /** Kills one as the kernel would, and waits until it is gone. */
  async kill(name: string): Promise<void> {
    const server = this.#running.get(name);
    this.#running.delete(name);
    if (!server) throw new Error(`${name} does not run`);
    server.kill('SIGKILL');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of this.#running.keys()) await this.kill(name);
  }
}
