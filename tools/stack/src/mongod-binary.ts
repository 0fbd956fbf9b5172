import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { MongoBinary } from 'mongodb-memory-server-core/lib/util/MongoBinary.js';
import { MongoBinaryDownloadUrl } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl.js';
import { getOS } from 'mongodb-memory-server-core/lib/util/getos/index.js';
import { withLock } from '../lock.js';
import type { Context } from './context.ts';
import { privateDirectory } from './paths.ts';
import { mustReach } from './reachable.ts';
import { run } from './run.ts';
import { sources } from './sources.ts';
import { Unavailable } from './unavailable.error.ts';

const { version } = sources.mongod;

/** The mongod fetched before, if any. */
export function fetchedMongod({ souk }: Pick<Context, 'souk'>): string | undefined {
  const path = join(souk, 'fetched', `mongod-${version}`, 'mongod');
  return existsSync(path) ? path : undefined;
}

/** Downloads the pinned mongod from its makers (checked against their MD5 sum). Throws `Unavailable`. */
export async function fetchMongod(context: Context): Promise<string> {
  const url = await downloadUrl();
  await mustReach({ name: new URL(url).hostname, url, counts: (answer) => answer === '200' }, context);
  const directory = privateDirectory(context.souk, 'fetched', `mongod-${version}`);
  const waiting = (pid: number) => context.say(`waiting for process ${pid}, which is fetching into the same place`);
  return withLock(join(context.souk, 'fetch.lock'), waiting, async () => {
    context.say(`fetching MongoDB ${version} (about 80 MB)`);
    return keep(await download(directory), directory);
  });
}

async function downloadUrl(): Promise<string> {
  try {
    const { platform, arch } = process;
    return await new MongoBinaryDownloadUrl({ version, platform, arch, os: await getOS() }).getDownloadUrl();
  } catch (error) {
    throw new Unavailable(`MongoDB has no package for this system (${String(error)})`);
  }
}

async function download(downloadDir: string): Promise<string> {
  const options = { version, downloadDir, checkMD5: true, platform: process.platform, arch: process.arch };
  try {
    return await MongoBinary.getPath(options);
  } catch (error) {
    throw new Unavailable(`MongoDB ${version} could not be downloaded (${String(error)})`);
  }
}

/** A mongod that this machine cannot run (an old processor, a missing library) is as good as none. */
async function keep(path: string, directory: string): Promise<string> {
  const { code } = await run(path, ['--version'], { timeoutMs: 10_000 });
  if (code !== 0) {
    rmSync(directory, { recursive: true });
    throw new Unavailable(`MongoDB ${version} does not run on this machine`);
  }
  const kept = join(directory, 'mongod');
  rmSync(kept, { force: true });
  symlinkSync(path, kept);
  return kept;
}
