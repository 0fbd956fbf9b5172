import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startTime } from './identity.js';

const THEFT_MS = 5_000;

/** Takes the lock file for this process. Answers the release function, or the pid that holds it. */
export function tryLock(file) {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const mine = { pid: process.pid, start: startTime(process.pid) };
  if (linked(file, mine)) return { release: () => release(file, mine) };
  const holder = read(file);
  if (holder && startTime(holder.pid) === holder.start) return { holder: holder.pid };
  clearStale(file);
  return linked(file, mine) ? { release: () => release(file, mine) } : { holder: read(file)?.pid ?? 0 };
}

/** Runs `work` while holding the lock file; calls `onWait(pid)` once if another process has it. */
export async function withLock(file, onWait, work) {
  let taken = tryLock(file);
  if (!taken.release) onWait(taken.holder);
  while (!taken.release) {
    await delay(100);
    taken = tryLock(file);
  }
  try {
    return await work();
  } finally {
    taken.release();
  }
}

/** A hard link is made whole or not at all, so nobody ever reads a half-written lock. */
function linked(file, content) {
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, JSON.stringify(content), { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft);
  }
}

/** Only one process at a time may clear a dead holder's lock, or the second would remove the first one's new lock. */
function clearStale(file) {
  const theft = `${file}.theft`;
  try {
    mkdirSync(theft);
  } catch {
    if (Date.now() - (statSync(theft, { throwIfNoEntry: false })?.mtimeMs ?? 0) > THEFT_MS)
      rmSync(theft, { recursive: true, force: true });
    return;
  }
  const holder = read(file);
  if (!holder || startTime(holder.pid) !== holder.start) rmSync(file, { force: true });
  rmSync(theft, { recursive: true, force: true });
}

function release(file, mine) {
  if (read(file)?.pid === mine.pid) rmSync(file, { force: true });
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
