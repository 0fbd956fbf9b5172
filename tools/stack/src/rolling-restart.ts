import type { ManagedProcess } from './managed-process.ts';

/** A process that was restarted: its new pid and how long it took until it was ready. */
export type Restarted = { name: string; replica: number; pid: number; seconds: number };

/** There is no such process; the message says which there are. */
export class UnknownProcess extends Error {
  override readonly name = 'UnknownProcess';
}

type Restartable = Pick<ManagedProcess, 'plan' | 'pid' | 'label' | 'restart'>;

/** Restarts processes of a running stack, one after the other, so that callers do not notice. */
export class RollingRestart {
  readonly #processes: () => readonly Restartable[];
  readonly #say: (line: string) => void;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(processes: () => readonly Restartable[], say: (line: string) => void) {
    this.#processes = processes;
    this.#say = say;
  }

  /**
   * Restarts all replicas of `name`, or the one asked for; what was asked before comes first.
   * Throws `UnknownProcess`, and `BootError` of the first that does not get ready; the others are left alone then.
   */
  restart(name: string, replica?: number): Promise<Restarted[]> {
    const turn = this.#queue.then(() => this.#each(name, replica));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #each(name: string, replica: number | undefined): Promise<Restarted[]> {
    const restarted: Restarted[] = [];
    for (const one of this.#find(name, replica)) restarted.push(await this.#one(one));
    return restarted;
  }

  #find(name: string, replica: number | undefined): readonly Restartable[] {
    const all = this.#processes();
    const found = all.filter(({ plan }) => plan.name === name && (replica ?? plan.replica) === plan.replica);
    if (found.length > 0) return found;
    const asked = replica === undefined ? name : `${name}-${replica}`;
    throw new UnknownProcess(`There is no ${asked} here, but ${all.map(({ label }) => label).join(', ')}.`);
  }

  async #one(process: Restartable): Promise<Restarted> {
    const { name, replica } = process.plan;
    this.#say(`restarting ${process.label} as asked`);
    const start = performance.now();
    await process.restart();
    const seconds = Number(((performance.now() - start) / 1000).toFixed(2));
    this.#say(`${process.label} is ready after ${seconds} s`);
    return { name, replica, pid: process.pid ?? 0, seconds };
  }
}
