import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporary } from './spec-support.ts';
import { isGood, lastLine, tally } from './test-report.ts';

function report(
  root: string,
  place: string,
  counts: { passed?: number; failed?: number; pending?: number; broken?: number },
): void {
  const { passed = 0, failed = 0, pending = 0, broken = 0 } = counts;
  const name = join(root, place, 'src/some.spec.ts');
  const test = { fullName: 'it works', status: 'failed', failureMessages: ['Error: it does not\n    at line 1'] };
  const testResults = [
    ...Array.from({ length: broken }, () => ({
      name,
      status: 'failed',
      message: 'no such module',
      assertionResults: [],
    })),
    ...Array.from({ length: failed }, () => ({ name, status: 'failed', message: '', assertionResults: [test] })),
  ];
  mkdirSync(join(root, place, 'test-results'), { recursive: true });
  const content = {
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    numTodoTests: 0,
    testResults,
  };
  writeFileSync(join(root, place, 'test-results/unit.json'), JSON.stringify(content));
}

it('adds the reports of all packages up', () => {
  using root = temporary();
  report(root.path, 'apps/user', { passed: 3 });
  report(root.path, 'libs/rpc', { passed: 4, failed: 1 });
  expect(lastLine(tally(root.path))).toBe('7 passed, 1 failed');
});

it('counts a file that broke before its first test as a failure', () => {
  using root = temporary();
  report(root.path, 'tools/stack', { passed: 3, broken: 1 });
  expect(tally(root.path)).toEqual({
    passed: 3,
    failed: 1,
    skipped: 0,
    failures: ['tools/stack/src/some.spec.ts\n    no such module'],
  });
});

it('names each test that failed, and why', () => {
  using root = temporary();
  report(root.path, 'libs/rpc', { passed: 4, failed: 1 });
  expect(tally(root.path).failures).toEqual([
    'libs/rpc/src/some.spec.ts: it works\n    Error: it does not\n        at line 1',
  ]);
});

it.each([
  ['a failure', { passed: 9, failed: 1, skipped: 0 }, '9 passed, 1 failed'],
  ['a skipped test', { passed: 9, failed: 0, skipped: 1 }, '9 passed, 0 failed, 1 skipped'],
  ['no test at all', { passed: 0, failed: 0, skipped: 0 }, '0 passed, 0 failed'],
])('does not call a run good with %s', (_, total, line) => {
  expect(isGood(total)).toBe(false);
  expect(lastLine(total)).toBe(line);
});
