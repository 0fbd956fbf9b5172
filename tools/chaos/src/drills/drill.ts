import type { Layout, System } from '../system.ts';

/** One figure of docs/reliability.md: what was measured and what it had to be. */
export type Figure = { name: string; measured: string; goal: string; isMet: boolean };

/** What a drill works with. `start` starts another stack beside the first; both are stopped after the drill. */
export type Arena = { system: System; start: (layout: Layout) => Promise<System>; say: (line: string) => void };

/** One promise, put to the test on a private stack. */
export type Drill = { title: string; layout?: Layout; run: (arena: Arena) => Promise<Figure[]> };

const round = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 0 });

/** `unit` is `ms`, `s`, `%` or nothing. */
export const atMost = (name: string, value: number, limit: number, unit = ''): Figure => ({
  name,
  measured: `${round(value)} ${unit}`.trim(),
  goal: `≤ ${round(limit)} ${unit}`.trim(),
  isMet: value <= limit,
});

export const atLeast = (name: string, value: number, limit: number, unit = ''): Figure => ({
  name,
  measured: `${round(value)} ${unit}`.trim(),
  goal: `≥ ${round(limit)} ${unit}`.trim(),
  isMet: value >= limit,
});

export const exactly = (name: string, value: number | string, wanted: number | string): Figure => ({
  name,
  measured: String(value),
  goal: String(wanted),
  isMet: value === wanted,
});

/** A figure nothing was promised about. */
export const noted = (name: string, value: number, unit = ''): Figure => ({
  name,
  measured: `${round(value)} ${unit}`.trim(),
  goal: '–',
  isMet: true,
});

/** The pid of now. Throws where the process is down. */
export function pidOf(system: System, name: string): number {
  const pid = system.pidOf(name);
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
}
