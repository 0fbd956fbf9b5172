import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

const GRACE_MS = 5_000;

type Terms = { env: NodeJS.ProcessEnv; signal: AbortSignal; onStart: (pid: number) => void };

/** Runs a shell command and answers its status; when `signal` is aborted it is ended, with everything it started. */
export function runCommand(command: string, { env, signal, onStart }: Terms): Promise<number> {
  const child = spawn('sh', ['-c', command], { env, detached: true, stdio: 'inherit' });
  if (child.pid !== undefined) onStart(child.pid);
  const end = async () => {
    killGroup(child.pid, 'SIGTERM');
    await delay(GRACE_MS, undefined, { ref: false });
    killGroup(child.pid, 'SIGKILL');
  };
  signal.addEventListener('abort', () => void end(), { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, by) => {
      // What it left running in the background would outlive the stack it talks to.
      killGroup(child.pid, 'SIGKILL');
      resolve(code ?? 128 + (by ? constants.signals[by] : 0));
    });
  });
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}
