import { join } from 'node:path';
import { urlAs, type Access, type Passwords, type User } from './access.ts';
import type { BackingName } from './apps.ts';
import type { Site } from './app-plans.ts';
import { resolveService, services, type Found, type Service } from './backing.ts';
import type { Context } from './context.ts';
import type { ProcessPlan } from './managed-process.ts';
import { makeFirstUser } from './first-user.ts';
import { serverReady } from './ready.ts';
import { serverCommand } from './server-command.ts';
import { Unavailable } from './unavailable.error.ts';

const BOOT_MS = 60_000;
/** What a server is left of the caller's environment. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TMPDIR'];

/** The backing services as found; everything runs without Redis, nothing without the other two. */
export type Backing = { nats: Found; mongo: Found; redis: Found | undefined };

/** A service that may have to be started, and the URL each user has for it. One that runs elsewhere has one for all. */
type Planned = { urlOf: (user: User) => string; plan?: ProcessPlan };

/** Comes by all backing services. Throws `Unavailable` when a required one cannot be had. */
export async function resolveBacking(context: Context): Promise<Backing> {
  return {
    nats: await resolveService(services.nats, context),
    mongo: await resolveService(services.mongo, context),
    redis: await resolveRedis(context),
  };
}

async function resolveRedis(context: Context): Promise<Found | undefined> {
  try {
    return await resolveService(services.redis, context);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    context.say(`going on without Redis: ${error.message}`);
    return undefined;
  }
}

/** What to start of the backing services, and the URLs of all. */
export function planBacking(found: Backing, site: Site, access: Access) {
  const planned: Record<BackingName, Planned | undefined> = {
    nats: planServer('nats', found.nats, site, access.nats),
    mongo: planServer('mongo', found.mongo, site, access.mongo),
    redis: found.redis && planServer('redis', found.redis, site, access.redis),
  };
  return {
    plans: Object.values(planned).flatMap((one) => one?.plan ?? []),
    urlOf: (service: BackingName, user: User) => planned[service]?.urlOf(user),
    mongoServer: found.mongo.kind === 'given' ? 'MONGODB_URL' : found.mongo.program.title,
  };
}

function planServer(name: Service['name'], found: Found, site: Site, users: Passwords): Planned {
  if (found.kind === 'given') return { urlOf: () => found.url };
  const { addresses, data, logs, env } = site;
  const { flavour, program } = found;
  // The MongoDB-wire servers do not read each other's files.
  const directory = join(data, name === 'mongo' ? `mongo-${program.title}` : name);
  const place = { host: '127.0.0.1', port: addresses[name], sidePort: addresses.natsMonitoring, directory };
  const { url, ...start } = serverCommand(flavour, program, place, users);
  const inherited = Object.fromEntries(INHERITED.map((variable) => [variable, env[variable]]));
  const urlOf = (user: User) => urlAs(url, user, users);
  const plan: ProcessPlan = {
    name,
    replica: 1,
    command: start.command,
    args: start.args,
    env: { ...inherited, ...start.env },
    url: urlOf('operator'),
    log: join(logs, `${name}-1.log`),
    prepare: () => makeFirstUser(flavour, program, place, users),
    ready: () => serverReady(flavour, url, users),
    bootMs: BOOT_MS,
  };
  return { urlOf, plan };
}
