import { constants } from 'node:os';
import { HELP, parseArguments, UsageError, type Options } from './arguments.ts';
import { drills } from './drills/index.ts';
import { exitCodeOf, forPeople } from './report/report.ts';
import { run } from './run.ts';

const stop = new AbortController();
const say = (line: string) => console.error(`chaos: ${line}`);

// Handlers that stay: a second Ctrl-C must not cut the stopping short and leave processes behind.
let caught: NodeJS.Signals | undefined;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    caught ??= name;
    stop.abort();
  });
}
// Neither may a closed terminal or pipe.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stop.abort());

process.exitCode = await main(process.argv.slice(2));
process.exit();

async function main(args: string[]): Promise<number> {
  try {
    return await act(parseArguments(args));
  } catch (error) {
    if (stop.signal.aborted) return 128 + constants.signals[caught ?? 'SIGHUP'];
    say(error instanceof UsageError ? error.message : String(error instanceof Error ? error.stack : error));
    return 2;
  }
}

async function act(options: Options): Promise<number> {
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  if (options.drill !== undefined) return drill(options.drill);
  say(`seed ${options.seed}`);
  const report = await run(options, { say, signal: stop.signal });
  console.log(options.json ? JSON.stringify(report, null, 2) : forPeople(report));
  return exitCodeOf(report);
}

async function drill(name: string): Promise<number> {
  const wanted = drills[name];
  if (!wanted) throw new UsageError(`--drill ${name}: there are ${Object.keys(drills).join(', ') || 'none yet'}.`);
  say(wanted.title);
  return (await wanted.run({ say, signal: stop.signal })) ? 0 : 1;
}
