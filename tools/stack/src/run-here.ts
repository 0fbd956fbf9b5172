import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a program in the terminal of this one; its exit status, 1 where a signal ended it. Throws where there is none. */
export async function runHere(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  // Ctrl-C reaches the child by itself; we wait for what it has to say.
  process.once('SIGINT', () => undefined);
  process.once('SIGTERM', () => child.kill('SIGTERM'));
  const [code]: (number | null)[] = await once(child, 'exit');
  return code ?? 1;
}
