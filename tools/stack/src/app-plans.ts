import { join } from 'node:path';
import type { Addresses } from './addresses.ts';
import { APP, type AppName, type BackingName } from './apps.ts';
import { appEnvironment, type AppSettings, type BackingUrls } from './app-environment.ts';
import type { ProcessPlan } from './managed-process.ts';
import { prepareNginx } from './nginx.ts';
import { httpReady } from './ready.ts';

const BOOT_MS = 60_000;
// A young generation that is as large from the start as V8 lets it become: docs/decisions.md, "The young generation".
/** With which each app runs. */
export const V8_FLAGS = ['--max-semi-space-size=16', '--min-semi-space-size=16', '--max-old-space-size=512'];

/** Node's own port for debuggers. */
const DEBUGGED = ['--inspect=127.0.0.1:9229', '--enable-source-maps'];

/** The file Node runs for an app. */
export type EntryPoint = (app: AppName) => string;

/** Where the processes of a stack listen, keep their data and log, the caller's environment, and which app is debugged. */
export type Site = {
  addresses: Addresses;
  data: string;
  logs: string;
  env: NodeJS.ProcessEnv;
  inspect?: AppName | undefined;
};

/**
 * The URL that one replica of an app is given for a backing service, in place of the service's own: a seam for who wants to
 * stand in between. Asked once for each, before the app is started; the answer must keep the user, path and query.
 */
export type Route = (service: BackingName, url: string, app: AppName, replica: number) => string | Promise<string>;

/** How the processes of the apps are made: the file Node runs, and the way to the backing services. */
export type AppSeams = { entryPoint: EntryPoint; route: Route };

/** The plans of all replicas of one app. */
export function planApp(app: AppName, site: Site, settings: AppSettings, seams: AppSeams): Promise<ProcessPlan[]> {
  const plans = site.addresses.apps[app].map(async (address, index): Promise<ProcessPlan> => {
    const url = origin(address);
    const replica = index + 1;
    const urls = await throughRoute(settings, seams.route, app, replica);
    return {
      name: app,
      replica,
      command: process.execPath,
      args: [...V8_FLAGS, ...(site.inspect === app && replica === 1 ? DEBUGGED : []), seams.entryPoint(app)],
      env: appEnvironment(app, address, urls, settings),
      url,
      log: join(site.logs, `${app}-${replica}.log`),
      ready: () => httpReady(`${url}/health/ready`),
      bootMs: BOOT_MS,
    };
  });
  return Promise.all(plans);
}

async function throughRoute(
  { urlOf }: Pick<AppSettings, 'urlOf'>,
  route: Route,
  app: AppName,
  replica: number,
): Promise<BackingUrls> {
  const urls: BackingUrls = {};
  for (const service of APP[app].backing) {
    const url = urlOf(service, app);
    if (url !== undefined) urls[service] = await route(service, url, app, replica);
  }
  return urls;
}

/** Where Nginx keeps its own. */
export function nginxDirectory({ data }: Pick<Site, 'data'>): string {
  return join(data, 'nginx');
}

/** Nginx before all gateways; no plan where there is no Nginx. */
export async function planNginx(site: Site): Promise<ProcessPlan[]> {
  const { addresses, logs, env } = site;
  if (!addresses.nginx) return [];
  const url = origin(addresses.nginx);
  const options = {
    dir: nginxDirectory(site),
    ...addresses.nginx,
    gateways: addresses.apps.gateway,
    statusPort: addresses.nginxStatus,
  };
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
