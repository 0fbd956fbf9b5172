import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { UsageError } from './arguments.ts';
import { Control } from './control.ts';
import { NoStack, restart } from './restart.ts';
import { type Restarted, UnknownProcess } from './rolling-restart.ts';
import { temporary } from './spec-support.ts';

const RUNNING = ['nats-1', 'user-1', 'user-2', 'order-1', 'gateway-1'];

/** A control socket before a stack that restarts at once, and a person who asks. */
async function stack({ failing = '', directory = temporary() } = {}) {
  const asked: string[] = [];
  const answer = async (name: string, replica = 1): Promise<Restarted[]> => {
    asked.push(`${name}-${replica}`);
    if (failing === `${name}-${replica}`) throw new UnknownProcess('gone');
    return [{ name, replica, pid: 42, seconds: 0.5 }];
  };
  const control = await Control.open(directory.path, { restart: answer });
  const processes = RUNNING.map((label) => ({ name: label.split('-')[0], replica: Number(label.split('-')[1]) }));
  const file = join(directory.path, 'stack.json');
  writeFileSync(file, JSON.stringify({ control: control.path, processes }));
  const said: string[] = [];
  const printed: string[] = [];
  const context = { env: { SOUK_STATE: file }, souk: '', say: (line: string) => said.push(line) };
  return {
    control,
    asked,
    said,
    printed,
    run: (...args: string[]) => restart(args, context, (text) => printed.push(text)),
    [Symbol.asyncDispose]: async () => {
      await control.close();
      directory[Symbol.dispose]();
    },
  };
}

it('asks the running stack for one replica after the other, and says what it does', async () => {
  await using one = await stack();
  expect(await one.run('user')).toBe(0);
  expect(one.asked).toEqual(['user-1', 'user-2']);
  expect(one.said.slice(0, 2)).toEqual(['restarting user 1', '  ready after 0.5 s (process 42)']);
});

it.each([
  [
    ['user-2', 'nats'],
    ['user-2', 'nats-1'],
  ],
  [['--all'], ['user-1', 'user-2', 'order-1', 'gateway-1']],
])('%j restarts %j', async (args, expected) => {
  await using one = await stack();
  // No product runs in this stack: --all takes what there is.
  expect(await one.run(...args)).toBe(0);
  expect(one.asked).toEqual(expected);
});

it('prints what it restarted as JSON', async () => {
  await using one = await stack();
  await one.run('order', '--json');
  expect(JSON.parse(one.printed.join(''))).toEqual({
    restarted: [{ name: 'order', replica: 1, pid: 42, seconds: 0.5 }],
  });
});

it('stops at the first that does not get ready, and fails', async () => {
  await using one = await stack({ failing: 'user-1' });
  expect(await one.run('user')).toBe(1);
  expect(one.asked).toEqual(['user-1']);
  expect(one.said.at(-1)).toBe('gone');
});

it.each([[[]], [['user', '--all']], [['shop']], [['user-3']], [['--replica']]])('refuses %j', async (args) => {
  await using one = await stack();
  await expect(one.run(...args)).rejects.toThrow(UsageError);
  expect(one.asked).toEqual([]);
});

it('says that no stack runs', async () => {
  await using one = await stack();
  await one.control.close();
  await expect(one.run('user')).rejects.toThrow(NoStack);
});

it('opens the socket to its owner only, in a place of its own where the path would be too long', async () => {
  await using one = await stack();
  expect(statSync(one.control.path).mode & 0o777).toBe(0o600);
  using deep = temporary();
  const control = await Control.open(join(deep.path, 'x'.repeat(100)), { restart: async () => [] });
  expect(statSync(control.path).mode & 0o777).toBe(0o600);
  await control.close();
});
