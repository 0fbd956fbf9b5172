import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { entryPoint } from '@souk/stack';

export type Service = 'order' | 'product';

const killAt = new URL('kill-at.js', import.meta.url).href;

/** A service as it is deployed, in a process of its own. */
export class ServiceProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = once(child, 'exit');
  }

  /** Starts a service and waits until it takes requests; with `step` it will be killed there. */
  static async start(service: Service, env: Record<string, string>, step?: string): Promise<ServiceProcess> {
    const preload = step === undefined ? [] : ['--import', killAt];
    const child = spawn(process.execPath, [...preload, entryPoint(service)], {
      env: { ...env, PORT: '0', LOG_LEVEL: 'info', ...(step !== undefined && { SOUK_KILL_AT: step }) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const started = new ServiceProcess(child);
    await logged(child.stdout, `${service} is ready`);
    return started;
  }

  /** Resolves with the signal that ended it. */
  async death(): Promise<NodeJS.Signals | null> {
    await this.#exited;
    return this.#child.signalCode;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}

/** Resolves with the line that says so; the rest is read and dropped, or the process would stop at a full pipe. */
async function logged(output: Readable, message: string): Promise<void> {
  const lines = createInterface({ input: output });
  try {
    for await (const line of lines) if (line.includes(message)) return;
  } finally {
    output.resume();
  }
  throw new Error(`a process ended before it logged "${message}"`);
}
