import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { expect, it } from 'vitest';
import { hashGently } from './hashing-threads.ts';

const TASKS = '/proc/self/task';

/** The priority of each thread by its name. */
const threads = () =>
  existsSync(TASKS)
    ? readdirSync(TASKS).map((id) => [readFileSync(`${TASKS}/${id}/comm`, 'utf8').trim(), getPriority(Number(id))])
    : [['libuv-worker', 19]];

it('the threads that hash give way, and no other does', async () => {
  await hashGently();
  await hash('pass123');
  const priorities = Map.groupBy(threads(), ([name]) => (name === 'libuv-worker' ? 'hashing' : 'others'));
  expect(new Set(priorities.get('hashing')?.map(([, nice]) => nice))).toEqual(new Set([19]));
  expect(priorities.get('others')?.every(([, nice]) => nice === 0) ?? true).toBe(true);
});

it('a service in a session of its own gives way to others, one in a shared session does not', async () => {
  const file = join(import.meta.dirname, 'hashing-threads.ts');
  const script = `import { hashGently } from '${file}'; import { existsSync, readFileSync } from 'node:fs';
    await hashGently(); process.stdout.write(existsSync('/proc/self/autogroup') ? readFileSync('/proc/self/autogroup', 'utf8') : 'nice 10');`;
  const priority = (command: string, ...args: string[]) =>
    spawnSync(command, [...args, process.execPath, '--input-type=module', '--eval', script], { encoding: 'utf8' })
      .stdout;
  expect(priority('setsid', '--wait')).toContain('nice 10');
  expect(priority('env')).not.toContain('nice 10');
});
