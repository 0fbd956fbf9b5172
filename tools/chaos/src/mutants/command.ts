import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const TAIL_LENGTH = 4_000;
/** How long a child that was asked to stop may take; a chaos run has a stack to end. */
const STOP_MS = 20_000;

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How a command ended: `code` is undefined when it could not be started, was stopped or was killed. */
export interface Ending {
  readonly code: number | undefined;
  readonly isLate: boolean;
  readonly stdout: string;
  /** The end of what it printed to either. */
  readonly tail: string;
}

/**
 * Runs a command to its end; never throws. One that takes too long, or is not wanted any more, gets SIGTERM and, 20 s
 * later, SIGKILL. It has a channel to us, which closes when we die, whatever kills us.
 */
export async function runCommand({ file, args, cwd, env, timeoutMs, signal }: Command): Promise<Ending> {
  const late = AbortSignal.timeout(timeoutMs);
  const unwanted = AbortSignal.any([late, signal]);
  if (unwanted.aborted) return { code: undefined, isLate: late.aborted, stdout: '', tail: '' };
  const child = spawn(file, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
  const printed = listen(child);
  const killAtExit = () => kill(child, 'SIGKILL');
  process.once('exit', killAtExit);
  const stopping = new AbortController();
  unwanted.addEventListener('abort', () => void stop(child, stopping.signal), { once: true });
  const code = await ended(child);
  stopping.abort();
  process.off('exit', killAtExit);
  return { code: unwanted.aborted ? undefined : code, isLate: late.aborted, ...printed() };
}

async function stop(child: ChildProcess, ended: AbortSignal): Promise<void> {
  child.kill('SIGTERM');
  await delay(STOP_MS, undefined, { signal: ended }).then(
    () => kill(child, 'SIGKILL'),
    () => undefined,
  );
}

/** The child and what it started in its process group. */
function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It is gone.
  }
}

async function ended(child: ChildProcess): Promise<number | undefined> {
  try {
    await once(child, 'close');
    return child.exitCode ?? undefined;
  } catch {
    return undefined; // could not be started
  }
}

function listen(child: ChildProcess): () => Pick<Ending, 'stdout' | 'tail'> {
  let [stdout, tail] = ['', ''];
  const add = (chunk: string) => (tail = (tail + chunk).slice(-TAIL_LENGTH));
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    add(chunk);
  });
  child.stderr?.setEncoding('utf8').on('data', add);
  return () => ({ stdout, tail: tail.trim() });
}
