import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from './ready.ts';

const STOP_MS = 10_000;
const STEADY_MS = 10_000;
const LONGEST_PAUSE_MS = 10_000;

/** One process to keep running. */
export type ProcessPlan = {
  name: string;
  replica: number;
  command: string;
  args: string[];
  /** The whole environment: nothing is inherited. */
  env: NodeJS.ProcessEnv;
  url: string;
  log: string;
  ready: () => Promise<boolean>;
  bootMs: number;
};

/** A process that did not get ready; the message carries the end of its log. */
export class BootError extends Error {
  override readonly name = 'BootError';
}

/** Starts a process, restarts it when it dies, and stops it for good. */
export class ManagedProcess {
  readonly plan: ProcessPlan;
  #child: ChildProcess | undefined;
  #stopping = new AbortController();
  #exited: Promise<void> = Promise.resolve();
  #crashes = 0;
  readonly #say: (line: string) => void;
  readonly #onChange: () => void;

  /** `onChange` is called, at once, whenever the pid has become another. */
  constructor(plan: ProcessPlan, say: (line: string) => void, onChange: () => void) {
    this.plan = plan;
    this.#say = say;
    this.#onChange = onChange;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get label(): string {
    return this.plan.replica === 1 ? this.plan.name : `${this.plan.name}-${this.plan.replica}`;
  }

  /** Starts it and waits until it is ready. Throws `BootError`; the process is then gone. */
  async start(signal: AbortSignal): Promise<void> {
    const { ready, bootMs } = this.plan;
    const died = this.#spawn('w');
    const watch = new AbortController();
    const alive = until(ready, bootMs, AbortSignal.any([signal, watch.signal]));
    const isReady = await Promise.race([alive, died.then(() => false)]);
    watch.abort();
    if (signal.aborted) return;
    if (!isReady) throw await this.#bootError();
    void died.then(() => this.#revive());
  }

  /** SIGTERM, then SIGKILL after 10 s, to the whole process group; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#signal('SIGTERM');
    const patience = new AbortController();
    const kill = delay(STOP_MS, undefined, { signal: patience.signal }).then(
      () => this.#signal('SIGKILL'),
      () => undefined,
    );
    await this.#exited;
    patience.abort();
    await kill;
  }

  /** Resolves when the process is gone. A group of its own keeps the terminal's Ctrl-C from reaching it before us. */
  #spawn(logMode: 'w' | 'a'): Promise<void> {
    const { command, args, env, log } = this.plan;
    const output = openSync(log, logMode, 0o600);
    const child = spawn(command, args, { env, detached: true, stdio: ['ignore', output, output] });
    closeSync(output);
    this.#child = child;
    this.#onChange();
    this.#exited = new Promise((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => {
        // What it started itself (Nginx's workers) must not keep its port.
        if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
        resolve();
      });
    });
    return this.#exited;
  }

  async #revive(): Promise<void> {
    let bornAt = Date.now();
    while (!this.#stopping.signal.aborted) {
      if (Date.now() - bornAt > STEADY_MS) this.#crashes = 0;
      const pause = Math.min(2 ** this.#crashes * 100, LONGEST_PAUSE_MS);
      this.#crashes += 1;
      this.#say(this.#obituary(pause));
      await delay(pause, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#stopping.signal.aborted) return;
      bornAt = Date.now();
      await this.#spawn('a');
    }
  }

  #obituary(pause: number): string {
    const cause = this.#child?.signalCode ?? `status ${this.#child?.exitCode}`;
    const again = this.#crashes > 3 ? `; it keeps crashing, see ${this.plan.log}` : '';
    return `${this.label} ended (${cause}): starting it again in ${pause / 1000} s${again}`;
  }

  async #bootError(): Promise<BootError> {
    const { exitCode, signalCode } = this.#child ?? {};
    if (this.pid === undefined)
      return new BootError(`${this.label} could not be started: is ${this.plan.command} there?`);
    const ended = exitCode !== null || signalCode !== null;
    const how = ended
      ? `ended (${signalCode ?? `status ${exitCode}`})`
      : `was not ready after ${this.plan.bootMs / 1000} s`;
    await this.stop();
    return new BootError(`${this.label} ${how}. The end of ${this.plan.log}:\n${lastLines(this.plan.log)}`);
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid, exitCode, signalCode } = this.#child ?? {};
    if (pid !== undefined && exitCode === null && signalCode === null) signalGroup(pid, signal);
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

function lastLines(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15);
  return lines.map((line) => `  ${line}`).join('\n');
}
