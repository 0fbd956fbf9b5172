import { parseEnv as readDotenv } from 'node:util';
import { APP } from '@souk/stack';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { compose, CONTAINERS, type Service } from './compose.ts';
import { read } from './files.ts';

const { services, networks, volumes } = compose;
const serviceOf = (name: string): Service => {
  const service = services[name];
  if (!service) throw new Error(`no service ${name}`);
  return service;
};
const apps = Object.entries(CONTAINERS).map(([container, app]) => ({ container, app, service: serviceOf(container) }));
const manifest = JSON.parse(read('package.json'));

/** They end when their work is done. */
const ONCE = ['secrets', 'mongodb-init', 'k6'];
/** Images that say by themselves how they are, or that nobody waits for. */
const NO_CHECK_OF_OURS = [
  ...ONCE,
  ...Object.keys(CONTAINERS),
  'nginx',
  'cadvisor',
  'traces',
  'nginx-exporter',
  'redis-exporter',
  'mongodb-exporter',
  'nats-exporter',
];

describe('docker-compose.yml', () => {
  it('publishes Nginx to everybody, Prometheus, Grafana and traces to this machine, and nothing else', () => {
    const published = Object.fromEntries(
      Object.entries(services).flatMap(([name, { ports }]) => ports.map((port) => [name, port])),
    );
    expect(published).toEqual({
      nginx: '${HTTP_PORT:-80}:80',
      prometheus: '127.0.0.1:9090:9090',
      grafana: '127.0.0.1:3030:3000',
      traces: '127.0.0.1:16686:16686',
    });
  });

  it('publishes the ports of the apps when asked to, those they listen on', () => {
    const ports = parse(read('deploy/compose/ports.yml'));
    for (const { container, service } of apps) {
      const { PORT, OPS_PORT } = service.environment;
      const own = [PORT, OPS_PORT].filter(Boolean).map((port) => `127.0.0.1:${port}:${port}`);
      expect(ports.services[container].ports).toEqual(own);
    }
  });

  it.each(apps)('tells $app what it reads, on the port it has by default, and nothing else', ({ app, service }) => {
    const example = readDotenv(read(`apps/${app}/.env.example`).replaceAll(/^#(?=[A-Z_]+=)/gm, ''));
    const told = Object.keys(service.environment).map((name) => name.replace(/_FILE$/, ''));
    expect(Object.keys(example)).toEqual(expect.arrayContaining(told));
    expect(service.environment).toMatchObject({ PORT: example['PORT'], HOST: '0.0.0.0', NODE_ENV: 'production' });
    expect(service.build).toMatchObject({ dockerfile: 'deploy/Dockerfile', args: { APP: app } });
  });

  it('hands out secrets by files, each program’s to itself alone', () => {
    const drawn = serviceOf('secrets').volumes.filter((volume) => volume.startsWith('secrets-'));
    for (const [program, { volumes: mounted }] of Object.entries(services)) {
      if (program === 'secrets') continue;
      const secrets = mounted.filter((volume) => volume.startsWith('secrets-'));
      for (const volume of secrets) expect(volume).toMatch(/^secrets-[a-z-]+:\/run\/secrets:ro$/);
      expect(secrets.length, program).toBeLessThanOrEqual(1);
    }
    const users = Object.values(services).flatMap(({ volumes: mounted }) => mounted);
    for (const volume of drawn) {
      const name = volume.replace(/:.*/, '');
      const readers = users.filter((mount) => mount.startsWith(`${name}:/run`)).length;
      expect(readers, name).toBe({ 'secrets-operator': 0, 'secrets-mongodb': 2 }[name] ?? 1);
    }
    for (const { environment } of Object.values(services)) {
      const plain = Object.keys(environment).filter(
        (name) => /SECRET|PASSWORD|_URL/.test(name) && !name.endsWith('_FILE'),
      );
      expect(plain.filter((name) => !['BASE_URL', 'GF_SECURITY_ADMIN_PASSWORD'].includes(name))).toEqual([]);
    }
  });

  it('declares the volumes and networks it uses, and uses those it declares', () => {
    const named = Object.values(services)
      .flatMap((service) => service.volumes.map((volume) => volume.replace(/:.*/, '')))
      .filter((source) => !/^[./]/.test(source));
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(volumes).toSorted());
    const joined = new Set(Object.values(services).flatMap((service) => service.networks));
    expect([...joined].toSorted()).toEqual(Object.keys(networks).toSorted());
  });

  it('lets nothing but what is published be reached from outside', () => {
    expect(networks['private']).toEqual({ internal: true });
    const outside = Object.entries(services).filter(([, service]) => service.networks.includes('edge'));
    expect(outside.map(([name]) => name)).toEqual(['nginx', 'prometheus', 'grafana', 'traces']);
  });

  it('gives a container 1 GB, and Redis room for the gigabyte it may fill', () => {
    for (const [name, { mem_limit: limit }] of Object.entries(services))
      expect(limit, name).toBe(name === 'redis' ? '1280m' : '1g');
    expect(serviceOf('redis').command.join(' ')).toContain('--maxmemory 1gb --maxmemory-policy allkeys-lru');
  });

  it('takes from every container what it does not need, but from the one that reads the kernel’s books', () => {
    for (const [name, service] of Object.entries(services)) {
      if (name === 'cadvisor') continue;
      expect(service, name).toMatchObject({ cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
      expect(service.privileged, name).toBe(false);
    }
    for (const { service, app } of apps) expect(service.read_only, app).toBe(true);
  });

  it('restarts what stops, and asks each server how it is', () => {
    const isServer = ([name]: [string, Service]) => !ONCE.includes(name);
    const restarts = Object.entries(services)
      .filter(isServer)
      .map(([, { restart }]) => restart);
    expect(new Set(restarts)).toEqual(new Set(['unless-stopped']));
    const unchecked = Object.entries(services).filter(([, { healthcheck }]) => healthcheck === undefined);
    expect(unchecked.map(([name]) => name).toSorted()).toEqual(NO_CHECK_OF_OURS.toSorted());
    const dockerfile = read('deploy/Dockerfile');
    expect(dockerfile.split(/^FROM /m).at(-1)).toContain('HEALTHCHECK');
    expect(dockerfile.split(/^FROM /m).find((stage) => stage.includes('AS nginx'))).toContain('HEALTHCHECK');
  });

  it('starts each after those it needs are well', () => {
    const needs = (name: string) => Object.keys(serviceOf(name).depends_on);
    expect(needs('nginx')).toEqual(['api-gateway']);
    const [, ...behind] = apps;
    expect(needs('api-gateway')).toEqual(['nats', 'redis', ...behind.map(({ container }) => container)]);
    for (const { app, container } of behind)
      expect(needs(container)).toEqual(APP[app].backing.includes('mongo') ? ['nats', 'mongodb-init'] : ['nats']);
  });

  it('has no container that could not be there twice', () => {
    expect(read('docker-compose.yml')).not.toContain('container_name');
    for (const { service } of apps) expect(service.ports).toEqual([]);
  });

  it('names its ports in the README', () => {
    const readme = read('README.md');
    for (const port of ['127.0.0.1:9090', '127.0.0.1:3030']) expect(readme).toContain(port);
  });

  it('runs the versions that everything was tested with', () => {
    const sources = JSON.parse(read('tools/stack/sources.json'));
    expect(serviceOf('nats').image).toBe(`nats:${sources.nats.version}-alpine`);
    expect(read('deploy/Dockerfile')).toContain(`ARG NODE=node:${manifest.devDependencies.node}-`);
    for (const { image } of Object.values(services).filter(({ build }) => !build))
      expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-alpine)?$/);
  });
});

describe('what Prometheus scrapes in containers', () => {
  const here = parse(read('deploy/prometheus/prometheus.yml'));
  const there = parse(read('deploy/prometheus/compose.yml'));

  it('is judged by the same rules, as often', () => {
    expect([there.global, there.rule_files]).toEqual([here.global, here.rule_files]);
  });

  it('is every app on the port that has its figures, and exporters that are there', () => {
    const [souk, ...others] = there.scrape_configs;
    const asked = souk.dns_sd_configs.map(({ names, port }: { names: string[]; port: number }) => [
      names[0],
      String(port),
    ]);
    expect(asked).toEqual(
      apps.map(({ container, service: { environment } }) => [
        container,
        environment['OPS_PORT'] ?? environment['PORT'],
      ]),
    );
    for (const { static_configs: targets } of others)
      for (const target of targets.flatMap((each: { targets: string[] }) => each.targets))
        expect(services).toHaveProperty(target.replace(/:.*/, ''));
  });

  it('labels each app with its own name', () => {
    const [{ regex, target_label: label }] = there.scrape_configs[0].relabel_configs;
    const named = (container: string) => new RegExp(`^(?:${regex})$`).exec(container)?.[1];
    expect(label).toBe('service');
    expect(Object.keys(CONTAINERS).map(named)).toEqual(Object.values(CONTAINERS));
  });
});
