import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '@souk/platform/testing';
import { entryPoint } from '@souk/stack';
import { vi } from 'vitest';

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
    const port = await freePort();
    const preload = step === undefined ? [] : ['--import', killAt];
    const child = spawn(process.execPath, [...preload, entryPoint(service)], {
      env: { ...env, PORT: String(port), LOG_LEVEL: 'error', ...(step !== undefined && { SOUK_KILL_AT: step }) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const started = new ServiceProcess(child);
    await vi.waitFor(() => isReady(port), { timeout: 30_000, interval: 50 });
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

async function isReady(port: number): Promise<void> {
  const { status } = await fetch(`http://127.0.0.1:${port}/health/ready`);
  if (status !== 200) throw new Error(`not ready: ${status}`);
}
