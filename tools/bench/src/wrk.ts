import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Contest } from './row.ts';

/** Requests that are drawn from at random; all bodies are JSON. */
export interface Load {
  base: string;
  paths: readonly string[];
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  bodies?: readonly string[];
  connections: number;
  seconds: number;
}

const exec = promisify(execFile);

/** Requests a second of a closed loop of `connections`. Throws where one of them was not answered with 2xx or 3xx. */
export async function wrk(load: Load, directory: string): Promise<number> {
  // One for each who is asked: two may be at once.
  const script = join(directory, `requests-${new URL(load.base).port}.lua`);
  await writeFile(script, luaOf(load));
  const args = ['-t2', `-c${load.connections}`, `-d${load.seconds}s`, '--timeout', '5s', '-s', script, load.base];
  const { stdout, stderr } = await exec('wrk', args).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new Error('wrk was not found: install it (apt install wrk).') : error;
  });
  // It goes on without a script it cannot read.
  if (stderr !== '') throw new Error(`No figure: ${stderr}`);
  return rateIn(stdout);
}

/** Ours and the reference, asked for the same. */
export function contestOf(
  load: Omit<Load, 'base'>,
  bases: { ours: string; reference: string },
  directory: string,
): Pick<Contest, 'ours' | 'reference'> {
  const ask = (base: string) => () => wrk({ ...load, base }, directory);
  return { ours: ask(bases.ours), reference: ask(bases.reference) };
}

/** Reads what wrk prints. */
export function rateIn(output: string): number {
  const failed = /Non-2xx or 3xx responses: \d+|Socket errors: .*[1-9].*/.exec(output);
  if (failed) throw new Error(`No figure: ${failed[0]}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
}

/** Lua strings and tables in long brackets and braces: JSON has neither `]==]` nor anything Lua would read into it. */
function luaOf({ paths, method = 'GET', headers = {}, bodies = [] }: Load): string {
  const all = { ...headers, ...(bodies.length > 0 && { 'Content-Type': 'application/json' }) };
  return `local paths = ${list(paths)}
local bodies = ${list(bodies)}
local headers = {${Object.entries(all).map(([name, value]) => `[ ${text(name)} ] = ${text(value)}`)}}
local started = 0
function setup(thread)
  started = started + 1
  thread:set("seed", os.time() + started)
end
function init()
  math.randomseed(seed)
end
function request()
  local body = #bodies > 0 and bodies[math.random(#bodies)] or nil
  return wrk.format(${text(method)}, paths[math.random(#paths)], headers, body)
end
`;
}

const list = (values: readonly string[]): string => `{${values.map(text).join(',')}}`;
const text = (value: string): string => `[==[${value}]==]`;
