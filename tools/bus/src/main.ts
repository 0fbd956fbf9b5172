import { UsageError } from '@souk/stack';
import { HELP, type Options, parseArguments } from './arguments.ts';
import { Bus } from './bus.ts';
import { contracts } from './commands/contracts.ts';
import { commands } from './commands/index.ts';

const say = (text: string) => console.error(text);

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  try {
    const options = parseArguments(args);
    if (!options.help) return await run(options);
    console.log(HELP);
    return 0;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

async function run(options: Options): Promise<number> {
  const { command } = options;
  if (command === 'contracts') return contracts({ options, print: console.log });
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  await using bus = await Bus.open(options.nats, process.env);
  return await commands[command]({ bus, options, print: console.log, say, signal: stop.signal });
}
