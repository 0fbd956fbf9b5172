import { spawn } from 'node:child_process';
import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';
import { isGood, lastLine, REPORTS, tally } from './test-report.ts';

// Reports of earlier runs must not count; Nx brings back those of what it does not have to run again.
for (const file of globSync(REPORTS, { cwd: root })) rmSync(join(root, file));

// Two at a time for two cores; what starts the whole system has the machine to itself. The mutants, which check the checker
// of chaos runs, take ten minutes: they are left to CI. Targets on the command line are run instead of all.
const asked = process.argv.slice(2);
const whole = ['e2e', 'limits', 'observe', 'fuzz', 'chaos', ...(process.env['CI'] ? ['mutants'] : [])];
const statuses = asked.length > 0 ? [] : [await nx(['-t', 'test,integration', '--parallel=2'])];
for (const target of asked.length > 0 ? asked : whole) statuses.push(await nx(['-t', target, '--parallel=1']));

const total = tally(root);
const ranThrough = statuses.every((status) => status === 0);
if (!ranThrough && total.failed === 0) total.failed = 1;
for (const failure of total.failures) console.log(`\nFailed: ${failure}`);
console.log(`\n${lastLine(total)}`);
process.exitCode = isGood(total) ? 0 : 1;

function nx(args: string[]): Promise<number> {
  const command = [join(root, 'node_modules/.bin/nx'), 'run-many', ...args, '--outputStyle=stream'];
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
  const child = spawn(process.execPath, command, { cwd: root, env, stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}
