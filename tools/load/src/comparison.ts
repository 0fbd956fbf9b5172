import { existsSync, readFileSync, renameSync } from 'node:fs';
import { z } from 'zod';

const Summary = z.object({
  metrics: z.object({
    http_reqs: z.object({ count: z.number(), rate: z.number() }),
    http_req_duration: z.object({ med: z.number(), 'p(95)': z.number(), 'p(99)': z.number(), max: z.number() }),
    http_req_failed: z.object({ value: z.number() }),
    checks: z.object({ passes: z.number(), fails: z.number() }),
  }),
});

/** What k6 writes with `--summary-export`, as far as it is compared. */
export type Summary = z.infer<typeof Summary>;

/** Undefined where the run wrote none, or wrote it in another form. */
export function readSummary(file: string): Summary | undefined {
  if (!existsSync(file)) return undefined;
  return Summary.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
}

/** Makes room for a new summary; the last one, which stays beside it as `….last.json`. */
export function keepLast(file: string): Summary | undefined {
  const last = readSummary(file);
  if (existsSync(file)) renameSync(file, file.replace(/\.json$/, '.last.json'));
  return last;
}

const figures: [name: string, unit: string, read: (summary: Summary) => number][] = [
  ['requests/s', '', ({ metrics }) => metrics.http_reqs.rate],
  ['median', 'ms', ({ metrics }) => metrics.http_req_duration.med],
  ['p95', 'ms', ({ metrics }) => metrics.http_req_duration['p(95)']],
  ['p99', 'ms', ({ metrics }) => metrics.http_req_duration['p(99)']],
  ['longest', 'ms', ({ metrics }) => metrics.http_req_duration.max],
  ['failed', '%', ({ metrics }) => metrics.http_req_failed.value * 100],
  ['failed checks', '', ({ metrics }) => metrics.checks.fails],
];

/** A table for people: each figure now, the last time, and the change. */
export function comparison(suite: string, now: Summary, before: Summary | undefined): string {
  const rows = figures.map(([name, unit, read]) => {
    const last = before && read(before);
    return [name, shown(read(now), unit), last === undefined ? '–' : shown(last, unit), change(read(now), last)];
  });
  return [[suite, 'now', 'last time', 'change'], ...rows].map(aligned).join('\n');
}

const shown = (value: number, unit: string): string => {
  const digits = value < 10 && !Number.isInteger(value) ? 2 : 0;
  return `${value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`.trim();
};

function change(now: number, last: number | undefined): string {
  if (last === undefined || last === 0) return '';
  const percent = Math.round((now / last - 1) * 100);
  return `${percent > 0 ? '+' : ''}${percent} %`;
}

const aligned = ([name = '', ...columns]: string[]): string =>
  name.padEnd(16) + columns.map((column) => column.padStart(14)).join('');
