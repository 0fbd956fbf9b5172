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
