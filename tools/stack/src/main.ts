import { HELP, parseArguments, UsageError } from './arguments.ts';
import { build, BuildError, entryPoint } from './build.ts';
import type { Context } from './context.ts';
import { BootError } from './managed-process.ts';
import { soukDirectory } from './paths.ts';
import { InUse } from './run-state.ts';
import { SeedError } from './seed.ts';
import { onStop } from './stopping.ts';
import { Unavailable } from './unavailable.error.ts';
import { up } from './up.ts';

const stop = onStop();
const say = (line: string) => console.error(`souk: ${line}`);

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
    if (stop.signal.aborted) return stop.exitCode();
    say(expected(error) ? error.message : String(error instanceof Error ? error.stack : error));
    return error instanceof UsageError ? 2 : 1;
  }
}

/** A failure that its message explains; of any other the stack trace is shown. */
function expected(error: unknown): error is Error {
  return [UsageError, InUse, Unavailable, BuildError, BootError, SeedError].some((known) => error instanceof known);
}
