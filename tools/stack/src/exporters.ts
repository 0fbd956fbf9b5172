import { join } from 'node:path';
import { type ExporterName, EXPORTERS } from './addresses.ts';
import type { AppSettings } from './app-environment.ts';
import { origin, type Site } from './app-plans.ts';
import type { ProcessPlan } from './managed-process.ts';
import { onPath } from './path-search.ts';
import { httpReady } from './ready.ts';

const BOOT_MS = 30_000;
const HOST = '127.0.0.1';

/** What an exporter is told: arguments, and what nobody may read in a list of processes. */
type Told = { args: string[]; env?: Record<string, string> };
type Exporter = {
  /** Debian's name, and the project's own. */
  programs: readonly string[];
  /** Undefined where there is nothing to ask. */
  told: (site: Site, port: number, urlOf: AppSettings['urlOf']) => Told | undefined;
};

const EXPORTER: Record<ExporterName, Exporter> = {
  nginx: {
    programs: ['prometheus-nginx-exporter', 'nginx-prometheus-exporter'],
    told: ({ addresses: { nginxStatus } }, port) =>
      nginxStatus === undefined
        ? undefined
        : { args: [`--nginx.scrape-uri=http://${HOST}:${nginxStatus}/stub_status`, ...listenOn(port)] },
  },
  redis: {
    programs: ['prometheus-redis-exporter', 'redis_exporter'],
    told: (_, port, urlOf) => {
      const url = urlOf('redis', 'operator');
      if (url === undefined) return undefined;
      const { host, username, password } = new URL(url);
      const env = { REDIS_ADDR: `redis://${host}`, REDIS_USER: username, REDIS_PASSWORD: password };
      return { args: listenOn(port), env };
    },
  },
  nats: {
    programs: ['prometheus-nats-exporter'],
    told: ({ addresses: { natsMonitoring } }, port) => ({
      args: ['-addr', HOST, '-port', String(port), '-varz', '-connz', '-subz', `http://${HOST}:${natsMonitoring}`],
    }),
  },
  mongodb: {
    programs: ['mongodb_exporter'],
    told: (_, port, urlOf) => {
      const url = urlOf('mongo', 'operator');
      if (url === undefined) return undefined;
      return { args: ['--collect-all', '--compatible-mode', ...listenOn(port)], env: { MONGODB_URI: url } };
    },
  },
};

const listenOn = (port: number): string[] => [`--web.listen-address=${HOST}:${port}`];

/** The exporters that are installed, for the servers that run; none without `--observe`. */
export function planExporters(site: Site, urlOf: AppSettings['urlOf']): ProcessPlan[] {
  const ports = site.addresses.exporters;
  return ports === undefined ? [] : EXPORTERS.flatMap((name) => planExporter(name, ports[name], site, urlOf));
}

function planExporter(name: ExporterName, port: number, site: Site, urlOf: AppSettings['urlOf']): ProcessPlan[] {
  const { programs, told } = EXPORTER[name];
  const command = programs.map((program) => onPath(program, site)).find((path) => path !== undefined);
  const how = told(site, port, urlOf);
  if (command === undefined || how === undefined) return [];
  const url = origin({ host: HOST, port });
  return [
    {
      name: `${name}-exporter`,
      replica: 1,
      command,
      args: how.args,
      env: { PATH: site.env['PATH'], ...how.env },
      url,
      log: join(site.logs, `${name}-exporter-1.log`),
      ready: () => httpReady(`${url}/metrics`),
      bootMs: BOOT_MS,
    },
  ];
}
