import type { Options } from '../arguments.ts';
import type { Bus } from '../bus.ts';

/** What a command works with: `print` writes results, `say` what is said about them. */
export interface Terms {
  bus: Bus;
  options: Options;
  print: (text: string) => void;
  say: (text: string) => void;
  /** Aborted by Ctrl-C: what goes on for ever ends. */
  signal: AbortSignal;
}

/** Answers the exit status. */
export type Command = (terms: Terms) => Promise<number>;
