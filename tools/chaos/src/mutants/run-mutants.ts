import { rmSync } from 'node:fs';
import { judge, type Verdict } from './judge.ts';
import { argumentsOf, type Mutant, MUTANTS } from './mutants.ts';
import { thisTree, type Workshop } from './workshop.ts';

export interface MutantOptions {
  /** Names; without them all. */
  readonly only?: readonly string[];
  readonly say: (line: string) => void;
}

/**
 * Checks the checker: true when every mutant is caught. One that no longer applies or builds, or that a run passes or
 * cannot judge, is a failure. Throws `RangeError` for a name that is no mutant. SIGINT and SIGTERM end it.
 */
export async function runMutants(
  { only, say }: MutantOptions,
  workshop: Workshop = thisTree,
  mutants: readonly Mutant[] = MUTANTS,
): Promise<boolean> {
  const chosen = choose(mutants, only);
  const stop = new AbortController();
  const abort = () => stop.abort();
  for (const name of STOPPING) process.once(name, abort);
  try {
    rmSync(workshop.scratch, { recursive: true, force: true }); // what a killed run has left
    return await judgeAll(chosen, workshop, say, stop.signal);
  } finally {
    for (const name of STOPPING) process.off(name, abort);
  }
}

const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const;

function choose(mutants: readonly Mutant[], only: readonly string[] = []): readonly Mutant[] {
  const unknown = only.filter((name) => !mutants.some((mutant) => mutant.name === name));
  if (unknown.length > 0) throw new RangeError(`no such mutant: ${unknown.join(', ')}`);
  return only.length > 0 ? mutants.filter(({ name }) => only.includes(name)) : mutants;
}

async function judgeAll(
  mutants: readonly Mutant[],
  workshop: Workshop,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const missed: string[] = [];
  for (const [index, mutant] of mutants.entries()) {
    say(`mutant ${index + 1} of ${mutants.length}: ${mutant.name} (chaos ${argumentsOf(mutant).join(' ')})`);
    const started = performance.now();
    const verdict = await judge(mutant, workshop, signal);
    if (signal.aborted) return false;
    say(report(mutant, verdict, performance.now() - started));
    if (verdict.outcome !== 'caught') missed.push(mutant.name);
  }
  say(missed.length === 0 ? `all ${mutants.length} mutants caught` : `NOT caught: ${missed.join(', ')}`);
  return missed.length === 0;
}

function report({ name }: Mutant, { outcome, evidence }: Verdict, ms: number): string {
  const line = `${name}: ${outcome} (${Math.round(ms / 1000)} s)`;
  return outcome === 'caught' ? `${line} by: ${evidence}` : `${line}\n${evidence}`;
}
