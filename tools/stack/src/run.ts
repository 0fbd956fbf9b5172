import { execFile } from 'node:child_process';

/** How a short command ended; `code` is undefined when it could not be started or took too long. */
export type Outcome = { code: number | undefined; stdout: string; stderr: string };

/** Runs a command that is expected to end by itself; never throws. */
export function run(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; timeoutMs?: number; cwd?: string; signal?: AbortSignal } = {},
): Promise<Outcome> {
  const { env, timeoutMs: timeout, cwd, signal } = options;
  return new Promise((resolve) => {
    const limits = { env, cwd, timeout, signal, killSignal: 'SIGKILL', maxBuffer: 16 << 20 } as const;
    const child = execFile(command, [...args], limits, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? undefined, stdout, stderr }),
    );
  });
}
