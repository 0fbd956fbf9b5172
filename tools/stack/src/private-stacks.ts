import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { privateDirectory } from './paths.ts';
import { claim, InUse } from './run-state.ts';

/** A fresh directory for the stack of one `--exec`. */
export function privateStack(souk: string): string {
  return mkdtempSync(join(privateDirectory(souk, 'exec'), 'stack-'));
}

/** Ends and removes the private stacks whose `up` was killed. */
export async function sweepPrivateStacks(souk: string, say: (line: string) => void): Promise<void> {
  const parent = join(souk, 'exec');
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    const directory = join(parent, name);
    if (!existsSync(join(directory, 'children.json'))) continue;
    await sweep(directory, say);
  }
}

async function sweep(directory: string, say: (line: string) => void): Promise<void> {
  try {
    const release = await claim(directory, say, 0);
    rmSync(directory, { recursive: true, force: true });
    release();
  } catch (error) {
    if (!(error instanceof InUse)) throw error;
  }
}
