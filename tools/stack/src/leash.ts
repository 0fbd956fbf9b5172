import { spawn } from 'node:child_process';

/** Runs a command that dies with us, however we die: our death closes its standard input. */
const LEASH = '"$@" </dev/null & pid=$!; exec 2>/dev/null; cat >/dev/null; kill -9 $pid; wait $pid';

/** What runs on a leash. `stop` kills it and waits until it is gone. */
export type Leashed = { stop: () => Promise<void> };

/** Starts a helper process that is gone when this one is. */
export function onLeash(command: string, args: string[], env: NodeJS.ProcessEnv): Leashed {
  const child = spawn('sh', ['-c', LEASH, 'sh', command, ...args], { env, stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
