import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startTime } from '../identity.js';
import { nginxBinary } from './nginx.ts';
import { soukDirectory } from './paths.ts';
import { restart } from './restart.ts';
import type { ProcessEntry } from './run-state.ts';
import { eventually, STAND_IN, temporary } from './spec-support.ts';

const FIXTURE = join(import.meta.dirname, 'up.fixture.ts');
const BOOT_MS = 40_000;

/** A `.souk` directory that shares only what was fetched, and a stand-in for the apps. */
function place() {
  const directory = temporary();
  const souk = join(directory.path, 'souk');
  mkdirSync(join(soukDirectory, 'fetched'), { recursive: true });
  mkdirSync(souk);
  symlinkSync(join(soukDirectory, 'fetched'), join(souk, 'fetched'));
  const entry = join(directory.path, 'app.mjs');
  writeFileSync(entry, STAND_IN);
  return { souk, entry, data: join(directory.path, 'data'), [Symbol.dispose]: directory[Symbol.dispose] };
}

type Place = ReturnType<typeof place>;

function run({ souk, entry }: Pick<Place, 'souk' | 'entry'>, ...args: string[]) {
  const child = spawn(process.execPath, [FIXTURE, souk, entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => (output.stdout += data));
  child.stderr.on('data', (data) => (output.stderr += data));
  return { child, output, status: statusOf(child) };
}

/** Waits until the command of `--exec` has said that it runs. */
async function running({ output, status }: ReturnType<typeof run>): Promise<void> {
  let ended = false;
  void status.then(() => (ended = true));
  await eventually('the command', () => ended || output.stdout.includes('started'), BOOT_MS);
  if (!output.stdout.includes('started')) throw new Error(output.stderr);
}

/** Not `close`: what it left behind still holds its output. */
async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function statusOf(child: ChildProcess): Promise<number | null> {
  await once(child, 'close');
  return child.exitCode;
}

const stateOf = (file: string): ProcessEntry[] => JSON.parse(readFileSync(file, 'utf8')).processes;
const live = (pid: number) => startTime(pid) !== undefined;

it('runs a command against a private stack, answers its status, and leaves nothing behind', async () => {
  using here = place();
  const command = `cat $SOUK_STATE; env | grep -E '^(BASE_URL|GATEWAY_URL|NATS_URL|MONGODB_URL|REDIS_URL|(ADMIN|DEMO)_(EMAIL|PASSWORD))=' >&2; curl -sf $BASE_URL/health >/dev/null && exit 42`;
  const { output, status } = run(here, '--replicas', 'gateway=2', '--exec', command);
  expect({ status: await status, said: output.stderr }).toMatchObject({ status: 42 });
  const { processes } = JSON.parse(output.stdout) as { processes: ProcessEntry[] };
  const names = processes.map(({ name, replica }) => `${name}-${replica}`);
  expect(names).toEqual(
    expect.arrayContaining([
      'nats-1',
      'mongo-1',
      'redis-1',
      'user-1',
      'product-1',
      'order-1',
      'gateway-1',
      'gateway-2',
    ]),
  );
  expect(output.stderr.match(/^[A-Z_]+=.+$/gm)).toHaveLength(9);
  expect(processes.filter(({ pid }) => live(pid))).toEqual([]);
  expect(readdirSync(join(here.souk, 'exec'))).toEqual([]);
});

it('keeps two private stacks apart that start at the same time', async () => {
  using here = place();
  const command = 'cat $SOUK_STATE; curl -sf $GATEWAY_URL/health >/dev/null';
  const both = [run(here, '--exec', command), run(here, '--exec', command)];
  const statuses = await Promise.all(both.map(({ status }) => status));
  expect({ statuses, said: both.map(({ output }) => output.stderr) }).toMatchObject({ statuses: [0, 0] });
  const urls = both.flatMap(({ output }) =>
    (JSON.parse(output.stdout) as { processes: ProcessEntry[] }).processes.map(({ url }) => url),
  );
  expect(new Set(urls).size).toBe(urls.length);
});

it('stops everything, the command too, on SIGTERM', async () => {
  using here = place();
  const first = run(here, '--data', here.data, '--exec', 'echo started $$; sleep 600');
  await running(first);
  const { child, output, status } = first;
  const processes = stateOf(join(here.data, 'stack.json'));
  const command = Number(output.stdout.split(' ')[1]);
  child.kill('SIGTERM');
  expect(await status).toBe(143);
  expect([command, ...processes.map(({ pid }) => pid)].filter(live)).toEqual([]);
});

it('says that a data directory is in use, and leaves its stack alone', async () => {
  using here = place();
  const first = run(here, '--data', here.data, '--exec', 'echo started; sleep 600');
  await running(first);
  const second = run(here, '--data', here.data, '--exec', 'true');
  expect(await second.status).toBe(1);
  expect(second.output.stderr).toContain('is in use by another');
  expect(stateOf(join(here.data, 'stack.json')).every(({ pid }) => live(pid))).toBe(true);
  first.child.kill('SIGTERM');
  await first.status;
});

it('clears what a killed run left behind, restarted processes and the command included', async () => {
  using here = place();
  const first = run(here, '--data', here.data, '--exec', 'echo started $$; sleep 600');
  await running(first);
  const stateFile = join(here.data, 'stack.json');
  const pidOf = (name: string) => stateOf(stateFile).find((one) => one.name === name)?.pid ?? 0;
  const product = pidOf('product');
  process.kill(product, 'SIGKILL');
  await eventually('the restart in the state file', () => pidOf('product') !== product);
  const command = Number(first.output.stdout.split(' ')[1]);
  const left = [command, ...stateOf(stateFile).map(({ pid }) => pid)];
  await killed(first.child);
  expect(left.every(live)).toBe(true);
  const second = run(here, '--data', here.data, '--exec', 'curl -sf $GATEWAY_URL/health >/dev/null');
  expect({ status: await second.status, said: second.output.stderr }).toMatchObject({ status: 0 });
  expect(second.output.stderr).toMatch(/ending \d+ processes that an earlier run left behind/);
  expect(left.filter(live)).toEqual([]);
});

it('removes a private stack whose run was killed', async () => {
  using here = place();
  const first = run(here, '--exec', 'echo started; sleep 600');
  await running(first);
  const [name = ''] = readdirSync(join(here.souk, 'exec'));
  const directory = join(here.souk, 'exec', name);
  const left = stateOf(join(directory, 'stack.json')).map(({ pid }) => pid);
  await killed(first.child);
  expect(await run(here, '--exec', 'true').status).toBe(0);
  expect(left.filter(live)).toEqual([]);
  expect(existsSync(directory)).toBe(false);
});

it('stops what it has started when an app does not come up, and shows why', async () => {
  using here = place();
  writeFileSync(here.entry, `console.error('JWT_SECRET is too short'); process.exit(1)`);
  const { output, status } = run(here, '--data', here.data, '--exec', 'true');
  expect(await status).toBe(1);
  expect(output.stderr).toContain('JWT_SECRET is too short');
  const noted = JSON.parse(readFileSync(join(here.data, 'children.json'), 'utf8')) as { pid: number }[];
  expect(noted.filter(({ pid }) => live(pid))).toEqual([]);
});

it('restarts what it is asked to over its control socket, one replica after the other, and no crash is told', async () => {
  using here = place();
  const first = run(here, '--data', here.data, '--replicas', 'gateway=2', '--exec', 'echo started; sleep 600');
  await running(first);
  const stateFile = join(here.data, 'stack.json');
  const before = stateOf(stateFile);
  const context = { env: { SOUK_STATE: stateFile }, souk: here.souk, say: () => undefined };
  expect(await restart(['gateway', 'redis'], context, () => undefined)).toBe(0);
  const after = stateOf(stateFile);
  const pidsOf = (processes: ProcessEntry[], asked: boolean) =>
    processes.filter(({ name }) => ['gateway', 'redis'].includes(name) === asked).map(({ pid }) => pid);
  expect(pidsOf(after, false)).toEqual(pidsOf(before, false));
  expect(after.every(({ pid }) => live(pid))).toBe(true);
  expect(pidsOf(before, true).filter(live)).toEqual([]);
  expect(first.output.stderr).not.toContain('ended (');
  first.child.kill('SIGTERM');
  expect(await first.status).toBe(143);
  expect(existsSync(join(here.data, 'control.sock'))).toBe(false);
});

it.runIf(nginxBinary())('leads past a frozen gateway until it runs again, and stops it even when frozen', async () => {
  using here = place();
  const first = run(here, '--data', here.data, '--replicas', 'gateway=2', '--exec', 'echo started; sleep 600');
  await running(first);
  const frozen = stateOf(join(here.data, 'stack.json')).find(
    ({ name, replica }) => name === 'gateway' && replica === 2,
  );
  const port = new URL(frozen?.url ?? '').port;
  const leadsTo = () => readFileSync(join(here.data, 'nginx/servers.conf'), 'utf8').includes(`:${port} `);
  expect(leadsTo()).toBe(true);
  process.kill(frozen?.pid ?? 0, 'SIGSTOP');
  await eventually('past it', () => !leadsTo());
  process.kill(frozen?.pid ?? 0, 'SIGCONT');
  await eventually('back', leadsTo);
  process.kill(frozen?.pid ?? 0, 'SIGSTOP');
  first.child.kill('SIGTERM');
  expect(await first.status).toBe(143);
  expect(live(frozen?.pid ?? 0)).toBe(false);
});
