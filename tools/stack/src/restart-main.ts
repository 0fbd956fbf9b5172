import { UsageError } from './arguments.ts';
import { soukDirectory } from './paths.ts';
import { NoStack, restart } from './restart.ts';

const say = (line: string) => console.error(`souk: ${line}`);

process.exitCode = await main(process.argv.slice(2));
process.exit();

async function main(args: string[]): Promise<number> {
  try {
    return await restart(args, { env: process.env, souk: soukDirectory, say }, console.log);
  } catch (error) {
    if (error instanceof UsageError || error instanceof NoStack) say(error.message);
    else say(String(error instanceof Error ? error.stack : error));
    return error instanceof UsageError ? 2 : 1;
  }
}
