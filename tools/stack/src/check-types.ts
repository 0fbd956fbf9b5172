import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { APPS } from './apps.ts';
import type { Context } from './context.ts';
import { root } from './paths.ts';

/** Runs the compiler, which says what is wrong with the types whenever a file changes, until the signal. */
export function checkTypes(say: Context['say'], signal: AbortSignal): void {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const projects = APPS.map((app) => join('apps', app));
  const args = [compiler, '-b', '--watch', '--preserveWatchOutput', '--pretty', 'false', ...projects];
  const child = spawn(process.execPath, args, { cwd: root, signal, stdio: ['ignore', 'pipe', 'inherit'] });
  // Ended with the rest.
  child.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (/error TS\d+/.test(line)) say(line);
  });
}
