import { dirname, join } from 'node:path';
import { type Ending, runCommand } from './command.ts';
import { argumentsOf, type Mutant } from './mutants.ts';
import { TreeCopy } from './tree-copy.ts';
import type { Invocation, Workshop } from './workshop.ts';

const APPLY_MS = 30_000;
const MINUTE_MS = 60_000;

/** What became of a mutant. Only `caught` speaks for the checker. */
export interface Verdict {
  readonly outcome: 'caught' | 'missed' | 'no verdict' | 'does not apply' | 'does not build';
  /** The end of what the last command printed. */
  readonly tail: string;
}

/** Makes the mutant in a copy of the tree and lets a chaos run look for it. The copy is gone afterwards. */
export async function judge(mutant: Mutant, shop: Workshop, signal: AbortSignal): Promise<Verdict> {
  using copy = await TreeCopy.of(shop.root, shop.scratch);
  const run = ([file, ...args]: Invocation, timeoutMs: number): Promise<Ending> =>
    runCommand({ file, args, cwd: copy.directory, env: envOf(copy.directory), timeoutMs, signal });
  const applied = await run(['git', 'apply', join(shop.patches, mutant.patch)], APPLY_MS);
  if (applied.code !== 0) return { outcome: 'does not apply', tail: applied.tail };
  const built = await run(shop.build, shop.buildMs);
  if (built.code !== 0) return { outcome: 'does not build', tail: built.tail };
  const found = await run([...shop.chaos, ...argumentsOf(mutant)], mutant.minutes * MINUTE_MS + shop.graceMs);
  return { outcome: outcomeOf(found), tail: found.tail };
}

// The exit code of a chaos run is its verdict: 0 all held, 1 violated, else none.
function outcomeOf({ code }: Ending): Verdict['outcome'] {
  if (code === 1) return 'caught';
  return code === 0 ? 'missed' : 'no verdict';
}

/** The copy lies inside of the clone: git must not take it for a part of it, or `git apply` skips every file. */
const envOf = (directory: string): NodeJS.ProcessEnv => ({
  ...process.env,
  GIT_CEILING_DIRECTORIES: dirname(directory),
});
