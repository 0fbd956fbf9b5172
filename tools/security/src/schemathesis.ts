import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { soukDirectory } from '@souk/stack';
import { z } from 'zod';

const FUZZ = join(import.meta.dirname, '../fuzz');
/** Exact versions with their checksums (`uv pip compile --universal --generate-hashes --python-version 3.10 fuzz/requirements.in`). */
const REQUIREMENTS = join(FUZZ, 'requirements.txt');

const Count = z.object({
  cases: z.int(),
  /** Of these, valid ones; and of those, the ones that were answered 2xx. */
  positive: z.int(),
  accepted: z.int(),
  statuses: z.record(z.string(), z.int()),
});
const Counts = z.record(z.string(), Count);
/** What came of each operation, `POST /api/orders` and so on. */
export type Counts = z.infer<typeof Counts>;

export interface FuzzOptions {
  role: 'anonymous' | 'customer' | 'admin';
  seed: number;
  /** Cases for each operation, about; or stories, in which a request takes its ids from the answers before it. */
  phase: { examples: number } | { storySeconds: number };
  /** The OpenAPI document. */
  document: string;
  /** Where the report and the counts go. */
  directory: string;
  env: Record<string, string>;
}

/** The command `st`, installed under `.souk` the first time. Throws where Python 3.10 or newer is missing. */
export async function schemathesis(): Promise<string> {
  const version = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const home = join(soukDirectory, 'fetched', `schemathesis-${version}`);
  const done = join(home, 'complete');
  if (!existsSync(done)) {
    rmSync(home, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', home]);
    const pip = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--require-hashes',
      '-r',
      REQUIREMENTS,
    ];
    await run(join(home, 'bin/python'), pip);
    writeFileSync(done, '');
  }
  return join(home, 'bin/st');
}

/** Sends what the document allows and what it forbids. `status` 0: no check failed. */
export async function fuzz(command: string, { role, seed, phase, document, directory, env }: FuzzOptions) {
  mkdirSync(directory, { recursive: true });
  const counts = join(directory, `${role}-${seed}.json`);
  // Only the clock ends stories for certain: when two of them cannot be told by one replay, schemathesis tells all again.
  const bound =
    'examples' in phase
      ? ['--phases', 'examples,coverage,fuzzing', '--max-examples', String(phase.examples)]
      : ['--phases', 'stateful', '--max-time', String(phase.storySeconds)];
  const args = ['run', document, '--url', env['BASE_URL'] ?? '', ...bound, '--seed', String(seed)];
  // One worker: with two, Python 3.11 fails now and then in its own parser ("AST constructor recursion depth mismatch").
  const more = ['--checks', 'all', '--continue-on-failure', '--workers', '1', '--no-color'];
  const status = await run(command, ['--config-file', join(FUZZ, 'schemathesis.toml'), ...args, ...more], {
    ...env,
    PYTHONPATH: FUZZ,
    SCHEMATHESIS_HOOKS: 'hooks',
    FUZZ_ROLE: role,
    FUZZ_SEED: String(seed),
    FUZZ_COUNTS: counts,
  });
  return { status, counts: Counts.parse(JSON.parse(readFileSync(counts, 'utf8'))) };
}

async function run(command: string, args: string[], env: Record<string, string> = {}): Promise<number> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (!('FUZZ_ROLE' in env) && code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
  return typeof code === 'number' ? code : 1;
}
