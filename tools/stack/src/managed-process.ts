import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from './ready.ts';

const STOP_MS = 10_000;
const PAUSE_MS = 100;
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
  /** What has to be done before its first start. */
  prepare?: () => Promise<void>;
  ready: () => Promise<boolean>;
  bootMs: number;
};

/** A process that did not get ready; the message carries the end of its log. */
export class BootError extends Error {
  override readonly name = 'BootError';
}

/** From one start to one end. `ready` is false when it ended before it was ready. */
type Life = { child: ChildProcess; exited: Promise<void>; ready: Promise<boolean> };

/** Starts a process, restarts it when it dies or when asked to, and stops it for good. */
export class ManagedProcess {
  readonly plan: ProcessPlan;
  #life: Life | undefined;
  #isStopped = false;
  /** Aborted when its death is wanted: whoever watches over it is to leave it dead. */
  #keeping = new AbortController();
  #keeper: Promise<void> = Promise.resolve();
  readonly #say: (line: string) => void;
  readonly #onChange: () => void;

  /** `onChange` is called, at once, whenever the pid has become another. */
  constructor(plan: ProcessPlan, say: (line: string) => void, onChange: () => void) {
    this.plan = plan;
    this.#say = say;
    this.#onChange = onChange;
  }

  get pid(): number | undefined {
    return this.#life?.child.pid;
  }

  get label(): string {
    return this.plan.replica === 1 ? this.plan.name : `${this.plan.name}-${this.plan.replica}`;
  }

  /** Starts it and waits until it is ready. Throws `BootError`; the process is then gone. */
  async start(signal: AbortSignal): Promise<void> {
    await this.plan.prepare?.();
    if (signal.aborted) return;
    const life = this.#spawn('w');
    const isReady = await this.#inTime(life, signal);
    if (signal.aborted) return;
    if (!isReady) throw await this.#bootError(life);
    this.#keeper = this.#keep(life);
  }

  /**
   * Stops it, starts it anew and waits until it is ready; nothing of it counts as a crash. Throws `BootError` when it
   * does not get ready; it is then kept like one that crashed.
   */
  async restart(): Promise<void> {
    await this.#end();
    if (this.#isStopped) return;
    this.#keeping = new AbortController();
    const life = this.#spawn('a');
    this.#keeper = this.#keep(life);
    if (await this.#inTime(life, this.#keeping.signal)) return;
    if (!this.#keeping.signal.aborted) throw new BootError(this.#failure(life));
  }

  /** SIGTERM, then SIGKILL after 10 s, to the whole process group; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#end();
  }

  async #end(): Promise<void> {
    this.#keeping.abort();
    const life = this.#life;
    if (life) await terminate(life);
    await this.#keeper;
  }

  /** A group of its own keeps the terminal's Ctrl-C from reaching it before us. */
  #spawn(logMode: 'w' | 'a'): Life {
    const { command, args, env, log, ready } = this.plan;
    const output = openSync(log, logMode, 0o600);
    const child = spawn(command, args, { env, detached: true, stdio: ['ignore', output, output] });
    closeSync(output);
    const exited = endOf(child);
    const watch = new AbortController();
    const ended = exited.then(() => {
      watch.abort();
      return false;
    });
    const life = { child, exited, ready: Promise.race([until(ready, Infinity, watch.signal), ended]) };
    this.#life = life;
    this.#onChange();
    return life;
  }

  /** Whether it gets ready while it lives, the time to boot lasts and nobody calls it off. */
  async #inTime({ ready }: Life, signal: AbortSignal): Promise<boolean> {
    const done = new AbortController();
    const off = AbortSignal.any([signal, done.signal]);
    const late = delay(this.plan.bootMs, false, { signal: off }).catch(() => false);
    const isReady = await Promise.race([ready, late]);
    done.abort();
    return isReady;
  }

  /**
   * Starts it again whenever it dies: at once if it had been ready, however often somebody kills it, and after longer and
   * longer pauses while it does not even get that far.
   */
  async #keep(life: Life): Promise<void> {
    const { signal } = this.#keeping;
    let current = life;
    for (let stillborn = 0; ;) {
      await current.exited;
      if (signal.aborted) return;
      stillborn = (await current.ready) ? 0 : stillborn + 1;
      const pause = Math.min(2 ** stillborn * PAUSE_MS, LONGEST_PAUSE_MS);
      this.#say(this.#obituary(current, pause, stillborn));
      await delay(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      current = this.#spawn('a');
    }
  }

  #obituary({ child }: Life, pauseMs: number, stillborn: number): string {
    const again = stillborn >= 3 ? `; it keeps crashing, see ${this.plan.log}` : '';
    return `${this.label} ended (${causeOf(child)}): starting it again in ${pauseMs / 1000} s${again}`;
  }

  async #bootError(life: Life): Promise<BootError> {
    const message = this.#failure(life);
    await this.stop();
    return new BootError(message);
  }

  #failure({ child }: Life): string {
    const { command, bootMs, log } = this.plan;
    if (child.pid === undefined) return `${this.label} could not be started: is ${command} there?`;
    const how = hasEnded(child) ? `ended (${causeOf(child)})` : `was not ready after ${bootMs / 1000} s`;
    return `${this.label} ${how}. The end of ${log}:\n${lastLines(log)}`;
  }
}

async function terminate({ child, exited }: Life): Promise<void> {
  signalGroup(child, 'SIGTERM');
  // A frozen process takes notice of SIGTERM only when it may run again.
  signalGroup(child, 'SIGCONT');
  const patience = new AbortController();
  const kill = delay(STOP_MS, undefined, { signal: patience.signal }).then(
    () => signalGroup(child, 'SIGKILL'),
    () => undefined,
  );
  await exited;
  patience.abort();
  await kill;
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => {
      // What it started itself (Nginx's workers) must not keep its port.
      killGroup(child, 'SIGKILL');
      resolve();
    });
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (!hasEnded(child)) killGroup(child, signal);
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function causeOf({ exitCode, signalCode }: ChildProcess): string {
  return signalCode ?? `status ${exitCode}`;
}

function lastLines(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15);
  return lines.map((line) => `  ${line}`).join('\n');
}
