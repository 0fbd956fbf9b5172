import { readFileSync } from 'node:fs';
import { APPS } from './apps.ts';
import type { ProcessEntry, StackState } from './run-state.ts';

/**
 * The proportional set size of processes together, in bytes: shared pages counted once, unlike resident size.
 * Undefined where the kernel does not say (not Linux).
 */
function proportionalSetSize(pids: number[]): number | undefined {
  const sizes = pids.map(ofOne).filter((size) => size !== undefined);
  return sizes.length === pids.length && pids.length > 0 ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
}

/** That of the apps among these processes. */
export function memoryOfApps(processes: readonly ProcessEntry[]): number | undefined {
  const apps = processes.filter(({ name }) => APPS.some((app) => app === name));
  return proportionalSetSize(apps.map(({ pid }) => pid));
}

/** That of the apps of the stack with this state file. */
export function memoryOfStack(stateFile: string): number | undefined {
  const { processes }: StackState = JSON.parse(readFileSync(stateFile, 'utf8'));
  return memoryOfApps(processes);
}

function ofOne(pid: number): number | undefined {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
