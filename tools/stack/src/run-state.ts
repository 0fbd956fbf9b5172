import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startTime } from '../identity.js';
import { tryLock } from '../lock.js';

const PATIENCE_MS = 15_000;
const KILL_AFTER_MS = 3_000;

/** A process by pid and start time: a pid that was reused since is another process. */
type Identity = { pid: number; start: string };

/** The data directory is taken by an `up` that runs. */
export class InUse extends Error {
  override readonly name = 'InUse';
}

/** A line of the state file that tools and tests read. */
export type ProcessEntry = { name: string; replica: number; pid: number; url: string };

/** The state file. `control` is the socket of a running stack (control.ts), there once everything is ready. */
export type StackState = { control?: string | undefined; processes: ProcessEntry[] };

/** Writes the state file whole or not at all. */
export function writeStack(file: string, state: StackState): void {
  writeWhole(file, JSON.stringify(state, null, 2));
}

/**
 * Makes a data directory ours. Waits for an `up` that is just stopping there, throws `InUse` for one that runs on
 * (after `patienceMs`: it may not have heard yet that it was told to stop), and ends what a killed one left behind.
 */
export async function claim(directory: string, say: (line: string) => void, patienceMs = 1_500): Promise<() => void> {
  const release = await lock(directory, say, patienceMs);
  const left = leftovers(directory);
  if (left.length > 0) say(`ending ${left.length} processes that an earlier run left behind`);
  await endAll(left);
  rmSync(childrenFile(directory), { force: true });
  return release;
}

/** Notes the processes that run on a data directory, so that the next `up` finds them if this one is killed. */
export function noteChildren(directory: string, pids: number[]): void {
  const children = pids.map((pid) => ({ pid, start: startTime(pid) })).filter(({ start }) => start !== undefined);
  writeWhole(childrenFile(directory), JSON.stringify(children));
}

/** Lets an `up` that waits for this directory know that waiting is worth while. */
export function noteStopping(directory: string): void {
  writeFileSync(stoppingFile(directory), String(process.pid));
}

async function lock(directory: string, say: (line: string) => void, patienceMs: number): Promise<() => void> {
  const file = join(directory, 'up.lock');
  let end = Date.now() + patienceMs;
  for (let told = false; ; await delay(100)) {
    const { release, holder } = tryLock(file);
    if (release) {
      rmSync(stoppingFile(directory), { force: true });
      return release;
    }
    if (!told && patienceMs > 0 && existsSync(stoppingFile(directory))) {
      say(`waiting for the earlier run (process ${holder}) to stop`);
      end = Date.now() + PATIENCE_MS;
      told = true;
    }
    if (Date.now() >= end) throw new InUse(`${directory} is in use by another \`npm run up\` (process ${holder}).`);
  }
}

function leftovers(directory: string): Identity[] {
  if (!existsSync(childrenFile(directory))) return [];
  const noted: Identity[] = JSON.parse(readFileSync(childrenFile(directory), 'utf8'));
  return noted.filter(alive);
}

async function endAll(processes: Identity[]): Promise<void> {
  for (const one of processes) signalGroup(one, 'SIGTERM');
  for (const end = Date.now() + KILL_AFTER_MS; Date.now() < end && processes.some(alive);) await delay(50);
  for (const one of processes) signalGroup(one, 'SIGKILL');
  while (processes.some(alive)) await delay(20);
}

function alive({ pid, start }: Identity): boolean {
  return startTime(pid) === start;
}

/** Everything is started as the leader of its own group. */
function signalGroup(one: Identity, signal: NodeJS.Signals): void {
  if (!alive(one)) return;
  try {
    process.kill(-one.pid, signal);
  } catch {
    // It ended between the look and the kill.
  }
}

function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, `${text}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

function childrenFile(directory: string): string {
  return join(directory, 'children.json');
}

function stoppingFile(directory: string): string {
  return join(directory, 'stopping');
}
