import type { CommandName } from '../arguments.ts';
import { call } from './call.ts';
import type { Command } from './command.ts';
import { drain } from './drain.ts';
import { log } from './log.ts';
import { ls, ping, stats } from './look.ts';
import { replay } from './replay.ts';
import { tap } from './tap.ts';
import { trace } from './trace.ts';

/** Those that need a bus. */
export const commands: Record<Exclude<CommandName, 'contracts'>, Command> = {
  ls,
  ping,
  stats,
  call,
  tap,
  trace,
  replay,
  drain,
  log,
};
