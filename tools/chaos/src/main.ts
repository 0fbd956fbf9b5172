import { onStop, UsageError } from '@souk/stack';
import { HELP, parseArguments, type Options } from './arguments.ts';
import { drillTable, runDrills } from './drills/index.ts';
import { runModel } from './model/run-model.ts';
import { runMutants } from './mutants/run-mutants.ts';
import { print } from './report/print.ts';
import { exitCodeOf, forPeople } from './report/report.ts';
import { run } from './run.ts';

const stop = onStop();
const say = (line: string) => console.error(`chaos: ${line}`);

process.exitCode = await main(process.argv.slice(2));
process.exit();

async function main(args: string[]): Promise<number> {
  try {
    return await act(parseArguments(args));
  } catch (error) {
    if (stop.signal.aborted) return stop.exitCode();
    say(error instanceof UsageError ? error.message : String(error instanceof Error ? error.stack : error));
    return 2;
  }
}

async function act(options: Options): Promise<number> {
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  if (options.drills.length > 0) return drill(options.drills, options.json);
  if (options.model) return (await runModel({ all: options.all, say: console.log })) ? 0 : 1;
  if (options.mutants) return (await runMutants({ only: options.names, say })) ? 0 : 1;
  say(`seed ${options.seed}`);
  const report = await run(options, { say, signal: stop.signal });
  await print(options.json ? JSON.stringify(report, null, 2) : forPeople(report));
  return exitCodeOf(report);
}

async function drill(names: readonly string[], json: boolean): Promise<number> {
  const figures = await runDrills(names, { say, signal: stop.signal });
  await print(json ? JSON.stringify(figures, null, 2) : drillTable(figures));
  return figures.every(({ isMet }) => isMet) ? 0 : 1;
}
