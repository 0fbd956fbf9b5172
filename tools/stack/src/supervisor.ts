import { ManagedProcess, type ProcessPlan } from './managed-process.ts';
import { noteChildren, noteStopping, writeStack, type ProcessEntry } from './run-state.ts';

type Files = {
  /** The data directory, where the processes are noted for the next `up`. */
  data: string;
  /** The state file for tools and tests. */
  state: string;
};

/** Runs processes in phases and stops them in the reverse order. */
export class Supervisor {
  readonly #phases: ManagedProcess[][] = [];
  readonly #guests: number[] = [];
  readonly #files: Files;
  readonly #say: (line: string) => void;
  readonly #signal: AbortSignal;

  constructor(files: Files, say: (line: string) => void, signal: AbortSignal) {
    this.#files = files;
    this.#say = say;
    this.#signal = signal;
  }

  /** Starts these processes together and waits until all are ready. Throws `BootError` of the first that is not. */
  async start(plans: ProcessPlan[]): Promise<void> {
    if (this.#signal.aborted) return;
    const phase = plans.map((plan) => new ManagedProcess(plan, this.#say, () => this.#write()));
    this.#phases.push(phase);
    await Promise.all(phase.map((one) => one.start(this.#signal)));
  }

  /** Notes a process that somebody else started and will stop, for the case that we are killed before. */
  note(pid: number): void {
    this.#guests.push(pid);
    this.#write();
  }

  /** Stops everything, the last started first. */
  async stop(): Promise<void> {
    noteStopping(this.#files.data);
    for (const phase of this.#phases.toReversed()) await Promise.all(phase.map((one) => one.stop()));
  }

  entries(): ProcessEntry[] {
    return this.#phases
      .flat()
      .flatMap(({ plan: { name, replica, url }, pid }) => (pid === undefined ? [] : [{ name, replica, pid, url }]));
  }

  #write(): void {
    const entries = this.entries();
    noteChildren(this.#files.data, [...entries.map(({ pid }) => pid), ...this.#guests]);
    writeStack(this.#files.state, entries);
  }
}
