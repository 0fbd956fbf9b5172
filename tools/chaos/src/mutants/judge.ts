import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type Ending, runCommand } from './command.ts';
import { argumentsOf, type Mutant } from './mutants.ts';
import { TreeCopy } from './tree-copy.ts';
import type { Invocation, Workshop } from './workshop.ts';

const APPLY_MS = 30_000;
const MINUTE_MS = 60_000;
/** Each with another seed: a fault may miss the moment in which the mutant is wrong. */
const RUNS = 5;

/** What became of a mutant. Only `caught` speaks for the checker. */
export interface Verdict {
  readonly outcome: 'caught' | 'missed' | 'no verdict' | 'does not apply' | 'does not build';
  /** What it was caught by; else the end of what the last command printed. */
  readonly evidence: string;
}

/** Makes the mutant in a copy of the tree and lets a chaos run look for it. The copy is gone afterwards. */
export async function judge(mutant: Mutant, shop: Workshop, signal: AbortSignal): Promise<Verdict> {
  using copy = await TreeCopy.of(shop.root, shop.scratch);
  const run = ([file, ...args]: Invocation, timeoutMs: number): Promise<Ending> =>
    runCommand({ file, args, cwd: copy.directory, env: envOf(copy.directory), timeoutMs, signal });
  const applied = await run(['git', 'apply', join(shop.patches, mutant.patch)], APPLY_MS);
  if (applied.code !== 0) return { outcome: 'does not apply', evidence: applied.tail };
  const built = await run(shop.build, shop.buildMs);
  if (built.code !== 0) return { outcome: 'does not build', evidence: built.tail };
  let verdict: Verdict = { outcome: 'no verdict', evidence: '' };
  for (let more = 0; more < RUNS && verdict.outcome !== 'caught' && !signal.aborted; more += 1) {
    const args = argumentsOf({ ...mutant, seed: mutant.seed + more });
    verdict = verdictOf(await run([...shop.chaos, ...args], mutant.minutes * MINUTE_MS + shop.graceMs));
  }
  return verdict;
}

/** As much of the report of a chaos run as is needed here. */
const Report = z.object({
  verdicts: z.array(z.object({ invariant: z.string(), violations: z.array(z.unknown()) })),
});

// The exit code is the verdict: 0 all held, 1 violated, else none. A program that fails to start ends with 1 as well, so what
// was violated must be named.
function verdictOf({ code, stdout, tail }: Ending): Verdict {
  if (code === 0) return { outcome: 'missed', evidence: tail };
  const violated = code === 1 ? violatedIn(stdout) : [];
  if (violated.length === 0) return { outcome: 'no verdict', evidence: tail };
  return { outcome: 'caught', evidence: violated.join('; ') };
}

function violatedIn(stdout: string): string[] {
  try {
    const { verdicts } = Report.parse(JSON.parse(stdout));
    return verdicts.filter(({ violations }) => violations.length > 0).map(({ invariant }) => invariant);
  } catch {
    return [];
  }
}

/** The copy lies inside of the clone: git must not take it for a part of it, or `git apply` skips every file. */
const envOf = (directory: string): NodeJS.ProcessEnv => ({
  ...process.env,
  GIT_CEILING_DIRECTORIES: dirname(directory),
});
