import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startTime } from '../identity.js';
import { BootError, ManagedProcess, type ProcessPlan } from './managed-process.ts';
import { freePort } from './ports.ts';
import { httpReady } from './ready.ts';
import { eventually, STAND_IN, temporary } from './spec-support.ts';

async function plan(directory: string, code = STAND_IN): Promise<ProcessPlan> {
  const port = await freePort();
  const file = join(directory, 'app.mjs');
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(file, code);
  return {
    name: 'thing',
    replica: 1,
    command: process.execPath,
    args: [file],
    env: { HOST: '127.0.0.1', PORT: String(port) },
    url,
    log: join(directory, 'thing-1.log'),
    ready: () => httpReady(url),
    bootMs: 10_000,
  };
}

async function started(directory: string, code?: string) {
  const said: string[] = [];
  const pids: (number | undefined)[] = [];
  const thing = await plan(directory, code);
  const seen = { ready: 0 };
  const ready = async () => {
    const isReady = await thing.ready();
    if (isReady) seen.ready += 1;
    return isReady;
  };
  const made = new ManagedProcess(
    { ...thing, ready },
    (line) => said.push(line),
    () => pids.push(made.pid),
  );
  await made.start(new AbortController().signal);
  return { made, said, pids, seen, file: join(directory, 'app.mjs'), [Symbol.asyncDispose]: () => made.stop() };
}

const live = (pid: number | undefined) => pid !== undefined && startTime(pid) !== undefined;

it('hands a process its own environment and nothing of ours', async () => {
  using directory = temporary();
  await using thing = await started(directory.path);
  const { env } = (await (await fetch(thing.made.plan.url)).json()) as { env: Record<string, string> };
  expect(Object.keys(env).toSorted()).toEqual(['HOST', 'PORT']);
});

it('starts a process that was killed again within a second, and says so', async () => {
  using directory = temporary();
  await using thing = await started(directory.path);
  const before = thing.made.pid ?? 0;
  const killedAt = Date.now();
  process.kill(before, 'SIGKILL');
  await eventually('another pid', () => thing.made.pid !== before && live(thing.made.pid));
  expect(Date.now() - killedAt).toBeLessThan(1_000);
  await eventually('ready again', thing.made.plan.ready);
  expect(thing.pids).toEqual([before, thing.made.pid]);
  expect(thing.said[0]).toBe('thing ended (SIGKILL): starting it again in 0.1 s');
});

it('waits longer between starts when it keeps crashing, and says so', async () => {
  using directory = temporary();
  await using thing = await started(directory.path);
  writeFileSync(thing.file, 'process.exit(7)');
  await fetch(`${thing.made.plan.url}/crash`).catch(() => undefined);
  await eventually('five crashes', () => thing.said.length >= 5);
  expect(thing.said[1]).toBe('thing ended (status 7): starting it again in 0.2 s');
  expect(thing.said[4]).toMatch(/in 1.6 s; it keeps crashing, see .*thing-1.log$/);
});

it('starts a process that had been ready at once, however often it is killed', async () => {
  using directory = temporary();
  await using thing = await started(directory.path);
  for (let kills = 1; kills <= 4; kills += 1) {
    await eventually('ready in the eyes of its keeper', () => thing.seen.ready === kills);
    const before = thing.made.pid ?? 0;
    process.kill(before, 'SIGKILL');
    await eventually('another pid', () => thing.made.pid !== before && live(thing.made.pid));
  }
  expect(new Set(thing.said)).toEqual(new Set(['thing ended (SIGKILL): starting it again in 0.1 s']));
});

it('restarts on request, and does not take that for a crash', async () => {
  using directory = temporary();
  await using thing = await started(directory.path);
  const before = thing.made.pid;
  await thing.made.restart();
  expect(live(before)).toBe(false);
  expect(await thing.made.plan.ready()).toBe(true);
  expect(thing.pids).toEqual([before, thing.made.pid]);
  expect(thing.said).toEqual([]);
});

it('restarts on request a process that waits for its next try', async () => {
  using directory = temporary();
  await using thing = await started(directory.path);
  writeFileSync(thing.file, 'process.exit(7)');
  await fetch(`${thing.made.plan.url}/crash`).catch(() => undefined);
  await eventually('some crashes', () => thing.said.length >= 3);
  writeFileSync(thing.file, STAND_IN);
  await thing.made.restart();
  expect(await thing.made.plan.ready()).toBe(true);
  process.kill(thing.made.pid ?? 0, 'SIGKILL');
  await eventually('the next obituary', () => thing.said.at(-1)?.includes('SIGKILL') === true);
  expect(thing.said.at(-1)).toBe('thing ended (SIGKILL): starting it again in 0.1 s');
});

it('says so when a restart on request fails, and goes on trying', async () => {
  using directory = temporary();
  await using thing = await started(directory.path);
  writeFileSync(thing.file, 'process.exit(7)');
  await expect(thing.made.restart()).rejects.toThrow(/thing ended \(status 7\)/);
  writeFileSync(thing.file, STAND_IN);
  await eventually('ready again', thing.made.plan.ready);
});

it('stops a frozen process too', async () => {
  using directory = temporary();
  const thing = await started(directory.path);
  process.kill(thing.made.pid ?? 0, 'SIGSTOP');
  await thing.made.stop();
  expect(live(thing.made.pid)).toBe(false);
});

it('shows the end of the log of a process that dies at boot', async () => {
  using directory = temporary();
  const boot = started(directory.path, 'console.error("MONGODB_URL is missing"); process.exit(1)');
  await expect(boot).rejects.toThrow(/thing ended \(status 1\)[^]*MONGODB_URL is missing/);
  await expect(boot).rejects.toBeInstanceOf(BootError);
});

it('shows that a command does not exist', async () => {
  using directory = temporary();
  const wanting = { ...(await plan(directory.path)), command: '/nowhere/thing' };
  const made = new ManagedProcess(
    wanting,
    () => undefined,
    () => undefined,
  );
  await expect(made.start(new AbortController().signal)).rejects.toThrow(/thing could not be started/);
});

it('takes what the process started itself down with it', async () => {
  using directory = temporary();
  const code = `import { spawn } from 'node:child_process';
    globalThis.child = spawn('sleep', ['600']);
    import { createServer } from 'node:http';
    createServer((_, response) => response.end(String(globalThis.child.pid))).listen(Number(process.env.PORT), process.env.HOST);`;
  const thing = await started(directory.path, code);
  const grandchild = Number(await (await fetch(thing.made.plan.url)).text());
  expect(live(grandchild)).toBe(true);
  await thing.made.stop();
  await eventually('the grandchild gone', () => !live(grandchild));
  expect(live(thing.made.pid)).toBe(false);
});
