import { constants } from 'node:os';
import { HELP, parseArguments, UsageError } from './arguments.ts';
import { build, BuildError, entryPoint } from './build.ts';
import type { Context } from './context.ts';
import { BootError } from './managed-process.ts';
import { soukDirectory } from './paths.ts';
import { InUse } from './run-state.ts';
import { SeedError } from './seed.ts';
import { Unavailable } from './unavailable.error.ts';
import { up } from './up.ts';

const stop = new AbortController();
const say = (line: string) => console.error(`souk: ${line}`);

// Handlers that stay: a second Ctrl-C must not cut the stopping short and leave processes behind.
let caught: NodeJS.Signals | undefined;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    caught ??= name;
    stop.abort();
  });
}
// The launcher is gone, killed perhaps: nobody is left to stop us later.
process.on('disconnect', () => stop.abort());
// Neither may a closed terminal or pipe.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stop.abort());

process.exitCode = await main(process.argv.slice(2));
process.exit();

async function main(args: string[]): Promise<number> {
  try {
    const options = parseArguments(args);
    if (options.help) {
      console.log(HELP);
      return 0;
    }
    const { NODE_OPTIONS: _options, ...env } = process.env;
    const context: Context & { signal: AbortSignal } = { env, souk: soukDirectory, say, signal: stop.signal };
    return await up(options, { context, print: console.log, build: () => build(context), entryPoint });
  } catch (error) {
    if (stop.signal.aborted) return 128 + constants.signals[caught ?? 'SIGHUP'];
    say(expected(error) ? error.message : String(error instanceof Error ? error.stack : error));
    return error instanceof UsageError ? 2 : 1;
  }
}

/** A failure that its message explains; of any other the stack trace is shown. */
function expected(error: unknown): error is Error {
  return [UsageError, InUse, Unavailable, BuildError, BootError, SeedError].some((known) => error instanceof known);
}
