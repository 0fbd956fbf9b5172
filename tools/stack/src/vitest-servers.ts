import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawAccess, secret, urlAs, type Passwords } from './access.ts';
import { resolveService, services, type Found } from './backing.ts';
import type { Context } from './context.ts';
import { makeFirstUser } from './first-user.ts';
import { onLeash } from './leash.ts';
import { soukDirectory } from './paths.ts';
import { freePort } from './ports.ts';
import { serverReady, until } from './ready.ts';
import { serverCommand } from './server-command.ts';

const BOOT_MS = 60_000;

type Running = { url: string; stop: () => Promise<void> };

/**
 * Vitest's global set-up for specs that need real servers. Specs find in their environment
 * `TEST_MONGODB_URL` (shared: take a database name of your own), `TEST_REDIS_URL` (shared: take a key prefix of your own),
 * and `TEST_NATS_SERVER`, `TEST_REDIS_SERVER`: paths of binaries to start and kill at will.
 * A server that cannot be had fails the run.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const { NATS_URL: _nats, REDIS_URL: _redis, MONGODB_URL: _mongo, ...env } = process.env;
  const context: Context = { env, souk: soukDirectory, say: (line) => console.error(`test servers: ${line}`) };
  const found = {
    nats: await resolveService(services.nats, context),
    redis: await resolveService(services.redis, context),
    mongo: await resolveService(services.mongo, context),
  };
  const directory = mkdtempSync(join(tmpdir(), 'souk-test-'));
  const access = drawAccess(secret(18));
  const [mongo, redis] = await Promise.all([
    start(found.mongo, join(directory, 'mongo'), env, access.mongo),
    start(found.redis, join(directory, 'redis'), env, access.redis),
  ]);
  Object.assign(process.env, {
    TEST_MONGODB_URL: mongo.url,
    TEST_REDIS_URL: redis.url,
    TEST_NATS_SERVER: path(found.nats),
    TEST_REDIS_SERVER: path(found.redis),
  });
  return async () => {
    await Promise.all([mongo.stop(), redis.stop()]);
    rmSync(directory, { recursive: true, force: true });
  };
}

async function start(found: Found, directory: string, env: NodeJS.ProcessEnv, users: Passwords): Promise<Running> {
  if (found.kind === 'given') throw new Error('specs need a server of their own');
  const { flavour, program } = found;
  const place = { host: '127.0.0.1', port: await freePort(), sidePort: 0, directory };
  await makeFirstUser(flavour, program, place, users);
  const { command, args, env: extra, url } = serverCommand(flavour, program, place, users);
  const { stop } = onLeash(command, args, { ...env, ...extra });
  if (await until(() => serverReady(flavour, url, users), BOOT_MS)) return { url: urlAs(url, 'operator', users), stop };
  await stop();
  throw new Error(`${command} did not answer on ${url} within ${BOOT_MS / 1000} s`);
}

function path(found: Found): string {
  return found.kind === 'program' ? found.program.command : '';
}
