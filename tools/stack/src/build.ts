import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../lock.js';
import { APPS } from './apps.ts';
import type { Context } from './context.ts';
import { root } from './paths.ts';
import { run } from './run.ts';

const SOURCES = ['{apps,libs}/*/src/**/*.ts', '{apps,libs}/*/{package,tsconfig}.json', 'tsconfig.base.json'];

/** Code that does not compile; the message is the compiler's. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

/** Compiles the apps and what they use. Looks at the files' times first: starting the compiler only to hear "nothing changed" costs seconds. */
export async function build(context: Context): Promise<void> {
  const stamp = join(context.souk, 'built');
  const waiting = (pid: number) => context.say(`waiting for process ${pid}, which is compiling`);
  await withLock(join(context.souk, 'build.lock'), waiting, async () => {
    const now = fingerprint();
    if (isBuilt() && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
    context.say('compiling');
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const projects = APPS.map((app) => join(root, 'apps', app));
    const { code, stdout, stderr } = await run(process.execPath, [compiler, '-b', ...projects], {
      cwd: root,
      signal: context.signal,
    });
    if (code !== 0) throw new BuildError(`The code does not compile.\n${stdout}${stderr}`);
    writeFileSync(stamp, now);
  });
}

/** The compiled entry point of an app. */
export function entryPoint(app: string): string {
  return join(root, 'apps', app, 'dist/main.js');
}

function isBuilt(): boolean {
  return APPS.every((app) => existsSync(entryPoint(app)));
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const file of globSync(SOURCES, { cwd: root }).toSorted()) {
    const { mtimeMs, size } = statSync(join(root, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}
