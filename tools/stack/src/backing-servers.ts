import { join } from 'node:path';
import type { Addresses } from './addresses.ts';
import { resolveService, services, type Found } from './backing.ts';
import type { Context } from './context.ts';
import type { ProcessPlan } from './managed-process.ts';
import { serverReady } from './ready.ts';
import { serverCommand } from './server-command.ts';
import { Unavailable } from './unavailable.error.ts';

type Name = 'nats' | 'redis' | 'mongo';

/** The backing services as found; everything runs without Redis, nothing without the other two. */
export type Backing = { nats: Found; mongo: Found; redis: Found | undefined };

export type BackingPlan = { plans: ProcessPlan[]; urls: { nats: string; mongo: string; redis: string | undefined } };

const BOOT_MS = 60_000;

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
export function planBacking(
  found: Backing,
  addresses: Addresses,
  data: string,
  logs: string,
  env: NodeJS.ProcessEnv,
): BackingPlan {
  const plan = (name: Name, one: Found) => planServer(name, one, addresses, data, logs, env);
  const nats = plan('nats', found.nats);
  const mongo = plan('mongo', found.mongo);
  const redis = found.redis && plan('redis', found.redis);
  return {
    plans: [nats.plan, mongo.plan, redis?.plan].filter((one) => one !== undefined),
    urls: { nats: nats.url, mongo: mongo.url, redis: redis?.url },
  };
}

function planServer(
  name: Name,
  found: Found,
  addresses: Addresses,
  data: string,
  logs: string,
  env: NodeJS.ProcessEnv,
): { url: string; plan?: ProcessPlan } {
  if (found.kind === 'given') return { url: found.url };
  const { flavour, program } = found;
  // The MongoDB-wire servers do not read each other's files.
  const directory = join(data, name === 'mongo' ? `mongo-${program.title}` : name);
  const place = { host: '127.0.0.1', port: addresses[name], sidePort: addresses.natsMonitoring, directory };
  const { command, args, env: extra, url } = serverCommand(flavour, program, place);
  const ready = () => serverReady(flavour, url);
  const log = join(logs, `${name}-1.log`);
  const inherited = { PATH: env['PATH'], HOME: env['HOME'], LANG: env['LANG'], TMPDIR: env['TMPDIR'] };
  return {
    url,
    plan: { name, replica: 1, command, args, env: { ...inherited, ...extra }, url, log, ready, bootMs: BOOT_MS },
  };
}
