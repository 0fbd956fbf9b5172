import { constants } from 'node:os';

/** What ends a command from outside. */
export interface Stopping {
  /** Aborted by SIGINT, SIGTERM, SIGHUP, a parent process that is gone or a closed terminal. */
  readonly signal: AbortSignal;
  /** What a shell expects of a command that a signal ended. */
  exitCode(): number;
}

/** Handlers that stay: a second Ctrl-C must not cut the stopping short and leave processes behind. */
export function onStop(): Stopping {
  const stop = new AbortController();
  let caught: NodeJS.Signals = 'SIGHUP';
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (!stop.signal.aborted) caught = name;
      stop.abort();
    });
  }
  // Who started us is gone, killed perhaps: nobody is left to stop us later.
  process.on('disconnect', () => stop.abort());
  // Neither may a closed terminal or pipe.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stop.abort());
  return { signal: stop.signal, exitCode: () => 128 + constants.signals[caught] };
}
