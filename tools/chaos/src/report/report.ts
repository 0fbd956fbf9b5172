import type { Verdict } from '../checker/check.ts';
import type { Call, CallKind } from '../history/call.ts';
import type { FaultKind } from '../nemesis/fault.ts';

/** Below these a run proves nothing. */
export const LEAST = { faults: 10, requestsPerSecond: 100 };

/** What a run has shown. */
export type Report = {
  seed: number;
  minutes: number;
  mongoServer: string;
  calls: { kind: CallKind; ok: number; refused: number; unknown: number }[];
  requests: number;
  requestsPerSecond: number;
  faults: Partial<Record<FaultKind, number>>;
  orders: number;
  redeliveries: number;
  longest: Pick<Call, 'kind' | 'start' | 'end' | 'status' | 'code'> | undefined;
  verdicts: Verdict[];
  /** Where history, logs and the store's data are kept; undefined when nothing was violated. */
  kept: string | undefined;
};

/** 0 holds, 1 violated, 2 no verdict. */
export type ExitCode = 0 | 1 | 2;

export function exitCodeOf({ verdicts, faults, requestsPerSecond }: Report): ExitCode {
  if (verdicts.some(({ violations }) => violations.length > 0)) return 1;
  return total(faults) < LEAST.faults || requestsPerSecond < LEAST.requestsPerSecond ? 2 : 0;
}

export const total = (counts: Report['faults']): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

const MOST_EVIDENCE = 5;

/** The report as a table for people. */
export function forPeople(report: Report): string {
  const { seed, minutes, mongoServer, requests, requestsPerSecond, faults, orders, redeliveries, longest } = report;
  const rows = report.calls.map(({ kind, ok, refused, unknown }) => row(kind, ok, refused, unknown));
  const wait = longest ? `${seconds(longest)} s (${longest.kind}, ${longest.status || longest.code})` : 'none';
  const byKind = Object.entries(faults).map(([kind, count]) => `${kind} ${count}`);
  return [
    row('calls', 'ok', 'refused', 'unknown'),
    ...rows,
    '',
    `seed ${seed}, ${minutes} min, store: ${mongoServer}`,
    `${requests} requests, ${requestsPerSecond.toFixed(0)} in a second; ${orders} orders; longest wait ${wait}`,
    `${total(faults)} faults: ${byKind.join(', ') || 'none'}; ${redeliveries} messages delivered again`,
    '',
    ...report.verdicts.flatMap(lineOf),
    '',
    ...(report.kept === undefined ? [] : [`history, logs and data: ${report.kept}`]),
    verdictLine(report),
  ].join('\n');
}

/** The last line: what it all comes to. */
export function verdictLine(report: Report): string {
  const violated = report.verdicts.filter(({ violations }) => violations.length > 0).length;
  switch (exitCodeOf(report)) {
    case 0:
      return `HOLDS: ${report.verdicts.length} invariants, ${total(report.faults)} faults (seed ${report.seed})`;
    case 1:
      return `VIOLATED: ${violated} of ${report.verdicts.length} invariants (seed ${report.seed})`;
    case 2:
      return `NO VERDICT: it takes ${LEAST.faults} faults and ${LEAST.requestsPerSecond} requests in a second`;
  }
}

function lineOf({ invariant, checked, violations }: Verdict): string[] {
  if (violations.length === 0) return [`✓ ${invariant} (${checked})`];
  const shown = violations.slice(0, MOST_EVIDENCE).map((violation) => `    ${violation}`);
  return [`✗ ${invariant}: ${violations.length} of ${checked}`, ...shown];
}

function row(title: string, ...cells: (string | number)[]): string {
  return title.padEnd(12) + cells.map((cell) => String(cell).padStart(10)).join('');
}

const seconds = ({ start, end }: Pick<Call, 'start' | 'end'>): string => ((end - start) / 1_000).toFixed(2);
