import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { comparison, keepLast, readSummary, type Summary } from './comparison.ts';

const summary = (rate: number, p95: number, fails = 0): Summary => ({
  metrics: {
    http_reqs: { count: rate * 60, rate },
    http_req_duration: { med: 1.25, 'p(95)': p95, 'p(99)': p95 * 2, max: 1_234.5 },
    http_req_failed: { value: 0.001 },
    checks: { passes: 1_000, fails },
  },
});

it('shows each figure beside that of the last run, and the change', () => {
  const lines = comparison('load', summary(6_000, 20), summary(4_000, 25)).split('\n');
  const columns = lines.map((line) => line.split(/ {2,}/));
  expect(columns[0]).toEqual(['load', 'now', 'last time', 'change']);
  expect(columns[1]).toEqual(['requests/s', '6,000', '4,000', '+50 %']);
  expect(columns[2]).toEqual(['median', '1.25 ms', '1.25 ms', '0 %']);
  expect(columns[3]).toEqual(['p95', '20 ms', '25 ms', '-20 %']);
  expect(columns[6]).toEqual(['failed', '0.10 %', '0.10 %', '0 %']);
  expect(new Set(lines.slice(1, 6).map((line) => line.length)).size).toBe(1);
});

it('has nothing to compare the first run with', () => {
  expect(comparison('load', summary(6_000, 20, 3), undefined)).toMatch(/failed checks +3 +–/);
});

it('keeps the summary of the last run, and takes none from a run that wrote another', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'souk-load-')), 'load.json');
  expect(keepLast(file)).toBeUndefined();
  writeFileSync(file, JSON.stringify(summary(1, 2)));
  expect(keepLast(file)).toEqual(summary(1, 2));
  expect(existsSync(file)).toBe(false);
  writeFileSync(file, JSON.stringify({ metrics: {} }));
  expect(readSummary(file)).toBeUndefined();
});
