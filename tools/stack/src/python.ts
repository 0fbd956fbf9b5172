import type { Context } from './context.ts';
import { run } from './run.ts';

/** A Python found on PATH. */
export type Python = { command: string; version: string; hasPip: boolean };

const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const ASK = `import sys, importlib.util
print('%d.%d' % sys.version_info[:2], importlib.util.find_spec('pip') is not None)`;

/** Every usable Python ≥ 3.10 on PATH, the default one first. */
export async function pythons({ env }: Pick<Context, 'env'>): Promise<Python[]> {
  const asked = await Promise.all(CANDIDATES.map((command) => ask(command, env)));
  return asked.filter((python) => python !== undefined);
}

async function ask(command: string, env: NodeJS.ProcessEnv): Promise<Python | undefined> {
  const { code, stdout } = await run(command, ['-c', ASK], { env, timeoutMs: 5_000 });
  const [version = '', hasPip] = stdout.trim().split(' ');
  if (code !== 0 || Number(version.split('.')[1]) < 10) return undefined;
  return { command, version, hasPip: hasPip === 'True' };
}
