import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runHere, soukDirectory, UsageError } from '@souk/stack';
import { HELP, parseArguments, type Options } from './arguments.ts';
import { comparison, keepLast, readSummary } from './comparison.ts';
import { findK6 } from './k6.ts';

const say = (line: string) => console.error(`load: ${line}`);

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  try {
    const options = parseArguments(args);
    if (!options.help) return await load(options, args);
    console.log(HELP);
    return 0;
  } catch (error) {
    say(error instanceof UsageError ? error.message : String(error instanceof Error ? error.stack : error));
    return 2;
  }
}

async function load(options: Options, args: readonly string[]): Promise<number> {
  const k6 = await findK6(soukDirectory, say);
  return process.env['BASE_URL'] === undefined ? aroundStack(options, args) : against(options, k6);
}

/** Comes back here with the address of a private stack, its limits out of the way: all shoppers have one address. */
function aroundStack({ replicas }: Options, args: readonly string[]): Promise<number> {
  const again = ['npm', 'run', '-s', 'load:run', '--', ...args].map(quoted).join(' ');
  const up = [join(root, 'tools/stack/up.js'), ...replicas, '--exec', again];
  return runHere(process.execPath, up, { RATE_LIMIT_FACTOR: process.env['RATE_LIMIT_FACTOR'] ?? '1000000' });
}

// k6 writes none about a run of a few seconds.
function sayWhere(report: string): string {
  return existsSync(report) ? `Report  ${report}` : '';
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

async function against({ suite, passedOn, json }: Options, k6: string): Promise<number> {
  const directory = join(soukDirectory, 'load');
  mkdirSync(directory, { recursive: true });
  const [summary, report] = [join(directory, `${suite}.json`), join(directory, `${suite}.html`)];
  const before = keepLast(summary);
  rmSync(report, { force: true });
  const args = ['run', '--summary-export', summary, '--summary-trend-stats', 'med,p(95),p(99),max', ...passedOn];
  const status = await runHere(k6, [...args, join(root, 'load-tests', `${suite}.js`)], {
    K6_WEB_DASHBOARD: 'true',
    K6_WEB_DASHBOARD_PORT: '-1',
    K6_WEB_DASHBOARD_EXPORT: report,
  });
  const now = readSummary(summary);
  if (json) console.log(JSON.stringify({ suite, status, before, now, report }));
  else if (now) console.log(`\n${comparison(suite, now, before)}\n\n${sayWhere(report)}`);
  return status;
}
