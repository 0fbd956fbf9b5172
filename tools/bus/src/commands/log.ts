import { apps, LogLevel, logLevelAsked } from '@souk/contracts';
import { UsageError } from '@souk/stack';
import type { Command } from './command.ts';

/** Sets the log level of every replica of a program, or of all. */
export const log: Command = async ({ bus, options: { operands }, say }) => {
  const [level, program = null] = operands;
  const asked = logLevelAsked.payload.safeParse({ level, program });
  const isKnown = program === null || apps.some((app) => app === program);
  if (!asked.success || !isKnown)
    throw new UsageError(`Levels are ${LogLevel.options.join(', ')}; programs ${apps.join(', ')}.`);
  bus.announce(logLevelAsked, asked.data);
  await bus.flush();
  say(`${program ?? 'every program'} logs from ${level} on`);
  return 0;
};
