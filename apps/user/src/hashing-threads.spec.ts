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
