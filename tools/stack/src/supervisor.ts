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
  #control: string | undefined;
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

  /** Notes where a running stack can be asked for something. */
  noteControl(path: string): void {
    this.#control = path;
    this.#write();
  }

  /** All processes in the order in which they were started. */
  processes(): readonly ManagedProcess[] {
    return this.#phases.flat();
  }

  /** Stops everything, the last started first. */
  async stop(): Promise<void> {
    noteStopping(this.#files.data);
    for (const phase of this.#phases.toReversed()) await Promise.all(phase.map((one) => one.stop()));
  }

  /** All processes with their pids of now. */
  entries(): ProcessEntry[] {
    return this.processes().flatMap(({ plan: { name, replica, url }, pid }) =>
      pid === undefined ? [] : [{ name, replica, pid, url }],
    );
  }

  #write(): void {
    const entries = this.entries();
    noteChildren(this.#files.data, [...entries.map(({ pid }) => pid), ...this.#guests]);
    writeStack(this.#files.state, { control: this.#control, processes: entries });
  }
}
