import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, root } from '@souk/stack';

const BASELINE = join(root, 'load-tests/baseline');
const PATIENCE_MS = 20_000;

/** A reference that runs until it is stopped. */
export interface Program {
  pid: number | undefined;
  stop: () => Promise<void>;
}

/** Starts `load-tests/baseline/<name>.js`. */
export const startBaseline = (name: string, env: Record<string, string>, url?: string): Promise<Program> =>
  startProgram(process.execPath, [join(BASELINE, `${name}.js`)], env, url);

/** Starts one that listens, on a port of its own, and waits until `path` is answered. */
export async function serveBaseline(name: string, env: Record<string, string>, path: string) {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  return { base, ...(await startBaseline(name, { ...env, PORT: String(port) }, base + path)) };
}

/** Starts a program, whose lines go to the file `log`, and waits until `url` is answered. */
export async function startProgram(
  command: string,
  args: string[],
  env: Record<string, string>,
  url?: string,
  log?: string,
): Promise<Program> {
  const output = log === undefined ? 'inherit' : openSync(log, 'a');
  const child = spawn(command, args, { stdio: ['ignore', output, 'inherit'], env: { ...process.env, ...env } });
  if (typeof output === 'number') closeSync(output);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  if (url !== undefined)
    await answered(url, () => child.exitCode !== null).catch((error) => stop().then(() => Promise.reject(error)));
  return { pid: child.pid, stop };
}

async function answered(url: string, hasEnded: () => boolean): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end && !hasEnded(); await pause(50)) {
    const status = await fetch(url).then(
      (response) => response.arrayBuffer().then(() => response.status),
      () => 0,
    );
    if (status === 200) return;
  }
  throw new Error(`${url} was not answered.`);
}

/** Runs a reference that prints one figure and ends. */
export async function figureOf(name: string, env: Record<string, string>): Promise<number> {
  const child = spawn(process.execPath, [join(BASELINE, `${name}.js`)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code]: unknown[] = await once(child, 'close');
  const figure = Number(output);
  if (code !== 0 || !Number.isFinite(figure) || figure <= 0)
    throw new Error(`${name} ended with ${String(code)}: ${output}`);
  return figure;
}
