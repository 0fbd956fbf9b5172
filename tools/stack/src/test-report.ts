import { globSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** The part of Vitest's JSON report that is looked at. */
type Report = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
};

/** `failures` names each failed test with the first lines of its message: the rest of a long log is rarely kept. */
export type Tally = { passed: number; failed: number; skipped: number; failures: string[] };

const MESSAGE_LINES = 6;

/** Where every package leaves its reports. */
export const REPORTS = '{apps,libs,tools}/*/test-results/*.json';

/** Adds up all reports of a clone. A file that failed before its first test counts as one failure. */
export function tally(root: string): Tally {
  const total: Tally = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const file of globSync(REPORTS, { cwd: root })) {
    const report: Report = JSON.parse(readFileSync(`${root}/${file}`, 'utf8'));
    const broken = report.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0);
    total.passed += report.numPassedTests;
    total.failed += report.numFailedTests + broken.length;
    total.skipped += report.numPendingTests + report.numTodoTests;
    for (const { name, message } of broken) total.failures.push(failure(relative(root, name), message));
    total.failures.push(...report.testResults.flatMap((one) => failedTestsOf(one, root)));
  }
  return total;
}

function failedTestsOf({ name, assertionResults }: Report['testResults'][number], root: string): string[] {
  return assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) =>
      failure(`${relative(root, name)}: ${fullName}`, failureMessages.join('\n')),
    );
}

function failure(what: string, message: string): string {
  const lines = message.split('\n').slice(0, MESSAGE_LINES);
  return [what, ...lines.map((line) => `    ${line}`)].join('\n');
}

/** A run is good when something was tested, nothing failed and nothing was left out. */
export function isGood({ passed, failed, skipped }: Omit<Tally, 'failures'>): boolean {
  return passed > 0 && failed === 0 && skipped === 0;
}

/** The last line of `npm test`. */
export function lastLine({ passed, failed, skipped }: Omit<Tally, 'failures'>): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
