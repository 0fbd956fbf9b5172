import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Context } from './context.ts';
import { run } from './run.ts';

/** The full path of a command on PATH. */
export function onPath(command: string, { env }: Pick<Context, 'env'>): string | undefined {
  const places = (env['PATH'] ?? '').split(delimiter).filter((place) => place !== '');
  return places.map((place) => join(place, command)).find(isExecutable);
}

/** A command on PATH that says it is of at least the version asked for (`[major, minor]`). */
export async function newEnough(
  command: string,
  [major, minor]: readonly [number, number],
  context: Pick<Context, 'env'>,
): Promise<string | undefined> {
  const path = onPath(command, context);
  if (!path) return undefined;
  const { stdout } = await run(path, ['--version'], { env: context.env, timeoutMs: 5_000 });
  const [, foundMajor = 0, foundMinor = 0] = (/(\d+)\.(\d+)\.\d+/.exec(stdout) ?? []).map(Number);
  const enough = foundMajor > major || (foundMajor === major && foundMinor >= minor);
  return enough ? path : undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
