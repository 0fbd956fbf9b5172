import { LogLevel, logLevelAsked } from '@souk/contracts';
import { UsageError } from '@souk/stack';
import type { Command } from './command.ts';

/** Sets the log level of every replica of a program, or of all. */
export const log: Command = async ({ bus, options: { operands }, say }) => {
  const [level, program = null] = operands;
  const asked = logLevelAsked.payload.safeParse({ level, program });
  if (!asked.success)
    throw new UsageError(`Levels are ${LogLevel.options.join(', ')}; programs gateway, user, product, order.`);
  bus.announce(logLevelAsked, asked.data);
  await bus.flush();
  say(`${program ?? 'every program'} logs from ${level} on`);
  return 0;
};
