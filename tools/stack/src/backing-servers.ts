import { join } from 'node:path';
import type { Site } from './app-plans.ts';
import { resolveService, services, type Found, type Service } from './backing.ts';
import type { Context } from './context.ts';
import type { ProcessPlan } from './managed-process.ts';
import { serverReady } from './ready.ts';
import { serverCommand } from './server-command.ts';
import { Unavailable } from './unavailable.error.ts';

const BOOT_MS = 60_000;
/** What a server is left of the caller's environment. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TMPDIR'];

/** The backing services as found; everything runs without Redis, nothing without the other two. */
export type Backing = { nats: Found; mongo: Found; redis: Found | undefined };

/** A service that may have to be started, and the URL it has or will have. */
type Planned = { url: string; plan?: ProcessPlan };

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
export function planBacking(found: Backing, site: Site) {
  const nats = planServer('nats', found.nats, site);
  const mongo = planServer('mongo', found.mongo, site);
  const redis = found.redis && planServer('redis', found.redis, site);
  return {
    plans: [nats.plan, mongo.plan, redis?.plan].filter((plan) => plan !== undefined),
    natsUrl: nats.url,
    mongoUrl: mongo.url,
    mongoServer: found.mongo.kind === 'given' ? 'MONGODB_URL' : found.mongo.program.title,
    redisUrl: redis?.url,
  };
}

function planServer(name: Service['name'], found: Found, { addresses, data, logs, env }: Site): Planned {
  if (found.kind === 'given') return { url: found.url };
  const { flavour, program } = found;
  // The MongoDB-wire servers do not read each other's files.
  const directory = join(data, name === 'mongo' ? `mongo-${program.title}` : name);
  const place = { host: '127.0.0.1', port: addresses[name], sidePort: addresses.natsMonitoring, directory };
  const { command, args, env: extra, url } = serverCommand(flavour, program, place);
  const inherited = Object.fromEntries(INHERITED.map((variable) => [variable, env[variable]]));
  const plan: ProcessPlan = {
    name,
    replica: 1,
    command,
    args,
    env: { ...inherited, ...extra },
    url,
    log: join(logs, `${name}-1.log`),
    ready: () => serverReady(flavour, url),
    bootMs: BOOT_MS,
  };
  return { url, plan };
}
