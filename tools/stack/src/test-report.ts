import { globSync, readFileSync } from 'node:fs';

/** The part of Vitest's JSON report that is looked at. */
type Report = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
};

export type Tally = { passed: number; failed: number; skipped: number };

/** Where every package leaves its reports. */
export const REPORTS = '{apps,libs,tools}/*/test-results/*.json';

/** Adds up all reports of a clone. A file that failed before its first test counts as one failure. */
export function tally(root: string): Tally {
  const total: Tally = { passed: 0, failed: 0, skipped: 0 };
  for (const file of globSync(REPORTS, { cwd: root })) {
    const report: Report = JSON.parse(readFileSync(`${root}/${file}`, 'utf8'));
    const broken = report.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0);
    total.passed += report.numPassedTests;
    total.failed += report.numFailedTests + broken.length;
    total.skipped += report.numPendingTests + report.numTodoTests;
  }
  return total;
}

/** A run is good when something was tested, nothing failed and nothing was left out. */
export function isGood({ passed, failed, skipped }: Tally): boolean {
  return passed > 0 && failed === 0 && skipped === 0;
}

/** The last line of `npm test`. */
export function lastLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
