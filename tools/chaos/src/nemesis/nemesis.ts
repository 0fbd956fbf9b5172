import { setTimeout as pause } from 'node:timers/promises';
import type { Heal } from '../proxy/link.ts';
import type { Fault, FaultKind } from './fault.ts';
import { injectors, type Victims } from './injectors.ts';

type Running = { fault: Fault; heal: Heal; endsAt: number; timer: NodeJS.Timeout };

/** Works off a schedule of faults and takes back what it did. */
export class Nemesis {
  readonly #victims: Victims;
  readonly #announce: (fault: Fault, isApplied: boolean) => void;
  readonly #running = new Set<Running>();
  readonly applied: Fault[] = [];

  /** `announce` hears of each fault when it happens. */
  constructor(victims: Victims, announce: (fault: Fault, isApplied: boolean) => void) {
    this.#victims = victims;
    this.#announce = announce;
  }

  /** Resolves when the schedule is through or the signal says so; what lasts may still be going on. */
  async run(faults: readonly Fault[], signal: AbortSignal): Promise<void> {
    const start = performance.now();
    for (const fault of faults) {
      const wait = Math.max(0, start + fault.at - performance.now());
      await pause(wait, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await this.#inject(fault);
    }
  }

  /** Ends every fault that lasts. */
  heal(): void {
    for (const running of this.#running) this.#end(running);
  }

  /** How many faults of each kind were applied. */
  counts(): Partial<Record<FaultKind, number>> {
    const counts: Partial<Record<FaultKind, number>> = {};
    for (const { kind } of this.applied) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }

  async #inject(fault: Fault): Promise<void> {
    const heal = await injectors[fault.kind](fault, this.#victims);
    this.#announce(fault, heal !== undefined);
    if (!heal) return;
    this.applied.push(fault);
    const lastsMs = Math.max(fault.durationMs, this.#takeOver(fault));
    if (lastsMs === 0) return;
    const running: Running = {
      fault,
      heal,
      endsAt: performance.now() + lastsMs,
      timer: setTimeout(() => this.#end(running), lastsMs),
    };
    this.#running.add(running);
  }

  // Two holds of one wire would be ended by the first heal: the later one takes over, and ends when the last of them does.
  #takeOver({ kind, target }: Fault): number {
    let leftMs = 0;
    for (const running of this.#running) {
      if (running.fault.kind !== kind || running.fault.target !== target) continue;
      leftMs = Math.max(leftMs, running.endsAt - performance.now());
      clearTimeout(running.timer);
      this.#running.delete(running);
    }
    return leftMs;
  }

  #end(running: Running): void {
    clearTimeout(running.timer);
    this.#running.delete(running);
    running.heal();
  }
}
