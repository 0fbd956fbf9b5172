import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Addresses } from './addresses.ts';
import { origin, type Site } from './app-plans.ts';
import { APPS } from './apps.ts';
import type { ProcessPlan } from './managed-process.ts';
import { onPath } from './path-search.ts';
import { root } from './paths.ts';
import { httpReady } from './ready.ts';
import { Unavailable } from './unavailable.error.ts';

const BOOT_MS = 30_000;
/** How long figures are kept: this one is for looking at what runs now. */
const RETENTION = '2d';
/** The project's own configuration, which the container deployment uses too. */
const PROJECT = join(root, 'deploy/prometheus');

/** Prometheus, scraping every app of the stack and the exporters beside it; no plan where it was not asked for. Throws `Unavailable`. */
export function planPrometheus(site: Site, exporters: readonly ProcessPlan[]): ProcessPlan[] {
  const { addresses, data, logs, env } = site;
  if (!addresses.prometheus) return [];
  const command = onPath('prometheus', { env });
  if (command === undefined) {
    throw new Unavailable('Prometheus was not found: install it (apt install prometheus), or leave --observe out.');
  }
  const directory = join(data, 'prometheus');
  writeConfiguration(directory, [...targetsOf(addresses), ...exporters.map(exporterTarget)]);
  const { host, port } = addresses.prometheus;
  const url = origin(addresses.prometheus);
  const args = [
    `--config.file=${join(directory, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(directory, 'data')}`,
    `--storage.tsdb.retention.time=${RETENTION}`,
    `--web.listen-address=${host}:${port}`,
  ];
  const log = join(logs, 'prometheus-1.log');
  const ready = () => httpReady(`${url}/-/ready`);
  return [
    { name: 'prometheus', replica: 1, command, args, env: { PATH: env['PATH'] }, url, log, ready, bootMs: BOOT_MS },
  ];
}

// Prometheus looks for rules and targets beside its configuration file.
function writeConfiguration(directory: string, targets: readonly Target[]): void {
  mkdirSync(join(directory, 'targets'), { recursive: true });
  for (const name of ['prometheus.yml', 'rules']) {
    const link = join(directory, name);
    if (existsSync(link)) rmSync(link);
    symlinkSync(join(PROJECT, name), link);
  }
  writeFileSync(join(directory, 'targets/stack.json'), JSON.stringify(targets, null, 2));
}

/** What `file_sd` reads. */
interface Target {
  targets: string[];
  labels: Record<string, string>;
}

const targetsOf = ({ apps }: Addresses): Target[] =>
  APPS.flatMap((service) =>
    apps[service].map(({ opsPort }, index) => ({
      targets: [`127.0.0.1:${opsPort}`],
      labels: { service, replica: String(index + 1) },
    })),
  );

// A job of its own, in the place of that of the configuration: `up{job="souk"}` counts apps.
const exporterTarget = ({ name, url }: ProcessPlan): Target => ({
  targets: [new URL(url).host],
  labels: { job: name.replace(/-exporter$/, '') },
});
