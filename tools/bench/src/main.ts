import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runHere, soukDirectory, UsageError } from '@souk/stack';
import { HELP, type Options, parseArguments, type RowName } from './arguments.ts';
import { growthTable, isKept } from './growth.ts';
import type { Report } from './inside.ts';
import { isMet } from './row.ts';
import { rows } from './rows/index.ts';
import { say } from './say.ts';
import { table } from './table.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  try {
    const options = parseArguments(args);
    if (!options.help) return await (options.growth ? grow(options) : bench(options));
    console.log(HELP);
    return 0;
  } catch (error) {
    say(error instanceof UsageError ? error.message : String(error instanceof Error ? error.stack : error));
    return 2;
  }
}

function isUncached(name: RowName): boolean {
  return 'isUncached' in rows[name];
}

async function bench(options: Options): Promise<number> {
  const cached = options.rows.filter((name) => !isUncached(name));
  const reports = [
    await onStack(cached, options, {}),
    await onStack(options.rows.filter(isUncached), options, { CATALOGUE_TTL_MS: '0' }),
  ].flat();
  const results = reports.flatMap(({ results }) => results);
  const failed = reports.flatMap(({ failed }) => failed);
  const stores = [...new Set(reports.map(({ store }) => store))].join(', ');
  console.log(options.json ? JSON.stringify({ store: stores, results }, null, 2) : `\n${table(results, stores)}`);
  if (failed.length > 0) throw new UsageError(`There is no figure of ${failed.join(', ')}: see above.`);
  return results.every(isMet) ? 0 : 1;
}

async function grow(options: Options): Promise<number> {
  const [report] = await onStack([], options, { CATALOGUE_TTL_MS: '0' });
  if (!report) return 2;
  console.log(options.json ? JSON.stringify(report, null, 2) : `\n${growthTable(report.growth, report.store)}`);
  return report.growth.every(isKept) ? 0 : 1;
}

/** Measures on a private stack; the part inside of it is inside.ts. Throws where one has no figure. */
async function onStack(names: RowName[], options: Options, env: NodeJS.ProcessEnv): Promise<Report[]> {
  const { rounds, seconds, growth } = options;
  if (names.length === 0 && !growth) return [];
  const directory = join(soukDirectory, 'bench');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const inside = `node --conditions=@souk/source ${join(root, 'tools/bench/src/inside.ts')}`;
  const up = [join(root, 'tools/stack/up.js'), ...(growth ? ['--no-seed'] : []), '--exec', inside];
  const status = await runHere(process.execPath, up, {
    RATE_LIMIT_FACTOR: '1000000',
    BENCH: JSON.stringify({ rows: names, rounds, seconds, directory, growth }),
    ...env,
  });
  if (status !== 0) throw new UsageError('There is no figure: see above.');
  return [JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8'))];
}
