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

/** The plans of all replicas of one app. */
export function planApp(
  app: AppName,
  addresses: Addresses,
  settings: AppSettings,
  logs: string,
  entryPoint: EntryPoint,
): ProcessPlan[] {
  return addresses.apps[app].map((address, index) => {
    const url = origin(address);
    return {
      name: app,
      replica: index + 1,
      command: process.execPath,
      args: [...V8_FLAGS, entryPoint(app)],
      env: appEnvironment(app, address, settings),
      url,
      log: join(logs, `${app}-${index + 1}.log`),
      ready: () => httpReady(`${url}/health/ready`),
      bootMs: BOOT_MS,
    };
  });
}

/** Nginx before all gateways. */
export async function planNginx(
  listen: { host: string; port: number },
  addresses: Addresses,
  data: string,
  logs: string,
): Promise<ProcessPlan> {
  const url = origin(listen);
  const command = await prepareNginx({ dir: join(data, 'nginx'), ...listen, gateways: addresses.apps.gateway });
  return {
    name: 'nginx',
    replica: 1,
    ...command,
    env: {},
    url,
    log: join(logs, 'nginx-1.log'),
    ready: () => httpReady(`${url}/health`),
    bootMs: BOOT_MS,
  };
}

/** The address to call something at that listens on `host`; who listens everywhere is called on the loopback. */
export function origin({ host, port }: { host: string; port: number }): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
