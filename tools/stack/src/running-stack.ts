import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { BackingName } from './apps.ts';
import { soukDirectory } from './paths.ts';

const Urls = z.object({ processes: z.array(z.object({ name: z.string(), url: z.string() })) });

/** Where the stack that somebody works with says what it is made of. */
export const stateFileOf = (env: NodeJS.ProcessEnv, souk: string): string =>
  env['SOUK_STATE'] ?? join(souk, 'stack.json');

/** The URL of a part of it, with the operator's rights; undefined where no stack runs or that part is not its own. */
export function runningUrl(part: BackingName, env: NodeJS.ProcessEnv, souk = soukDirectory): string | undefined {
  const file = stateFileOf(env, souk);
  if (!existsSync(file)) return undefined;
  const { processes } = Urls.parse(JSON.parse(readFileSync(file, 'utf8')));
  return processes.find(({ name }) => name === part)?.url;
}
