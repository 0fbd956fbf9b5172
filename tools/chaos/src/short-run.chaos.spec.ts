import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backUp, restore } from '@souk/backup';
import { expect, it } from 'vitest';
import { FAULT_KINDS } from './nemesis/fault.ts';
import { LEAST, total } from './report/report.ts';
import { run } from './run.ts';

// The rate is not looked at: it is the machine's, and a slow one must not fail here.
it('the promises hold through a minute of faults', async () => {
  const options = { seed: 5, minutes: 0.8, rate: 150, faults: FAULT_KINDS, targets: [''] };
  const report = await run(options, { say: console.error, signal: new AbortController().signal });
  const violated = report.verdicts.filter(({ violations }) => violations.length > 0);
  expect(violated).toEqual([]);
  expect(total(report.faults)).toBeGreaterThanOrEqual(LEAST.faults);
  expect(report.orders).toBeGreaterThan(0);
});

it('the promises hold after the store was written away, wiped and restored', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'souk-backup-'));
  const dump = join(directory, 'dump');
  const beforeCheck = async (url: string) => {
    await backUp(url, dump, console.error);
    await restore(url, dump, { drop: true }, console.error);
  };
  const options = { seed: 6, minutes: 0.2, rate: 150, faults: ['redeliver'] as const, targets: [''], beforeCheck };
  const report = await run(options, { say: console.error, signal: new AbortController().signal });
  rmSync(directory, { recursive: true });
  expect(report.verdicts.filter(({ violations }) => violations.length > 0)).toEqual([]);
  expect(report.orders).toBeGreaterThan(0);
});
