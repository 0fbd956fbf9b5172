import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { startTime } from '../identity.js';
import { claim, InUse, noteChildren, writeStack } from './run-state.ts';
import { temporary } from './spec-support.ts';

const quiet = () => undefined;
const sleepers: number[] = [];

/** A process in a group of its own, as everything is that `up` starts. */
function sleeper(command = 'exec sleep 600'): number {
  const { pid = 0 } = spawn('sh', ['-c', command], { detached: true, stdio: 'ignore' });
  sleepers.push(pid);
  return pid;
}

afterEach(() => {
  for (const pid of sleepers.splice(0)) if (startTime(pid)) process.kill(-pid, 'SIGKILL');
});

it('ends what an earlier run left behind, and says so', async () => {
  using data = temporary();
  const said: string[] = [];
  const pid = sleeper();
  noteChildren(data.path, [pid]);
  const release = await claim(data.path, (line) => said.push(line));
  expect(startTime(pid)).toBeUndefined();
  expect(said).toEqual(['ending 1 processes that an earlier run left behind']);
  release();
});

it('kills what does not heed SIGTERM', async () => {
  using data = temporary();
  const pid = sleeper(`trap '' TERM; while :; do sleep 1; done`);
  noteChildren(data.path, [pid]);
  (await claim(data.path, quiet))();
  expect(startTime(pid)).toBeUndefined();
});

it('leaves a process alone that got the pid of one of ours since', async () => {
  using data = temporary();
  const pid = sleeper();
  writeFileSync(join(data.path, 'children.json'), JSON.stringify([{ pid, start: '1' }]));
  (await claim(data.path, quiet))();
  expect(startTime(pid)).toBeDefined();
});

it('refuses a data directory that another run uses', async () => {
  using data = temporary();
  const release = await claim(data.path, quiet);
  await expect(claim(data.path, quiet, 0)).rejects.toThrow(InUse);
  release();
});

it('waits for a run that is just stopping', async () => {
  using data = temporary();
  const release = await claim(data.path, quiet);
  writeFileSync(join(data.path, 'stopping'), '');
  const said: string[] = [];
  const second = claim(data.path, (line) => {
    said.push(line);
    release();
  });
  (await second)();
  expect(said).toEqual([`waiting for the earlier run (process ${process.pid}) to stop`]);
});

it('takes over from a run that was killed', async () => {
  using data = temporary();
  const dead = spawn('true');
  const lock = { pid: dead.pid, start: startTime(dead.pid ?? 0) ?? '1' };
  await once(dead, 'exit');
  writeFileSync(join(data.path, 'up.lock'), JSON.stringify(lock));
  const release = await claim(data.path, quiet, 0);
  release();
  expect(existsSync(join(data.path, 'up.lock'))).toBe(false);
});

it('writes the state file for its owner only', () => {
  using data = temporary();
  const file = join(data.path, 'stack.json');
  const processes = [{ name: 'product', replica: 1, pid: 4242, url: 'http://127.0.0.1:3002' }];
  writeStack(file, { control: '/data/control.sock', processes });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ control: '/data/control.sock', processes });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
