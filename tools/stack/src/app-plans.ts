import { join } from 'node:path';
import type { Addresses } from './addresses.ts';
import { appEnvironment, type AppSettings } from './app-environment.ts';
import type { AppName } from './arguments.ts';
import type { ProcessPlan } from './managed-process.ts';
import { prepareNginx } from './nginx.ts';
import { httpReady } from './ready.ts';

const BOOT_MS = 60_000;
// A young generation of 8 MB instead of 16: less memory at rest, hardly more collections.
const V8_FLAGS = ['--max-semi-space-size=8', '--max-old-space-size=512'];

/** The file Node runs for an app. */
export type EntryPoint = (app: AppName) => string;

/** Where the processes of a stack listen, keep their data and log, and the caller's environment. */
export type Site = { addresses: Addresses; data: string; logs: string; env: NodeJS.ProcessEnv };

/** The plans of all replicas of one app. */
export function planApp(app: AppName, site: Site, settings: AppSettings, entryPoint: EntryPoint): ProcessPlan[] {
  return site.addresses.apps[app].map((address, index) => {
    const url = origin(address);
    const replica = index + 1;
    return {
      name: app,
      replica,
      command: process.execPath,
      args: [...V8_FLAGS, entryPoint(app)],
      env: appEnvironment(app, address, settings),
      url,
      log: join(site.logs, `${app}-${replica}.log`),
      ready: () => httpReady(`${url}/health/ready`),
      bootMs: BOOT_MS,
    };
  });
}

/** Nginx before all gateways; no plan where there is no Nginx. */
export async function planNginx({ addresses, data, logs, env }: Site): Promise<ProcessPlan[]> {
  if (!addresses.nginx) return [];
  const url = origin(addresses.nginx);
  const options = { dir: join(data, 'nginx'), ...addresses.nginx, gateways: addresses.apps.gateway };
  const plan = {
    name: 'nginx',
    replica: 1,
    ...(await prepareNginx(options)),
    env: { PATH: env['PATH'] },
    url,
    log: join(logs, 'nginx-1.log'),
    ready: () => httpReady(`${url}/health`),
    bootMs: BOOT_MS,
  };
  return [plan];
}

/** The address to call something at that listens on `host`; who listens everywhere is called on the loopback. */
export function origin({ host, port }: { host: string; port: number }): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
