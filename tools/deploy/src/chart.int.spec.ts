import { parseEnv as readDotenv } from 'node:util';
import { APPS } from '@souk/stack';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CHART, helm, judge, rendered, type Resource, resourcesIn, VALUES } from './chart.ts';
import { compose, CONTAINERS } from './compose.ts';
import { read } from './files.ts';

/** The oldest that the chart asks for, and the newest whose schemas there are. */
const KUBERNETES = ['1.30.0', '1.37.0'];
/** Kinds of others, which their operators know. */
const OTHERS = new Set(['ServiceMonitor', 'PrometheusRule', 'HTTPRoute']);

const Container = z.object({
  name: z.string(),
  image: z.string(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })).default([]),
  resources: z.object({ requests: z.record(z.string(), z.string()), limits: z.record(z.string(), z.string()) }),
  securityContext: z.record(z.string(), z.unknown()),
});
const Pod = z.object({
  automountServiceAccountToken: z.boolean(),
  securityContext: z.record(z.string(), z.unknown()),
  containers: z.array(Container),
  initContainers: z.array(Container).default([]),
});
const Workload = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    template: z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()) }), spec: Pod }),
  }),
});

const texts = new Map<string, string>();
beforeAll(async () => {
  for (const name of VALUES) texts.set(name, await rendered(name));
}, 300_000);

const resources = (name: string): Resource[] => resourcesIn(texts.get(name) ?? '');
const workloads = (name: string) =>
  resources(name)
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
    .map((resource) => Workload.parse(resource));
const named = (name: string, kind: string) =>
  resources(name)
    .filter((resource) => resource.kind === kind)
    .map(({ metadata }) => metadata.name);

describe.each(VALUES)('the Helm chart with the values of %s', (name) => {
  it('is accepted by helm lint', async () => {
    expect(await helm('lint', CHART, '--strict', '--values', `${CHART}/values-${name}.yaml`)).toContain(
      '0 chart(s) failed',
    );
  });

  it('renders to what was looked at last: npm run deploy:write', () => {
    expect(texts.get(name)).toBe(read(`tools/deploy/rendered/${name}.yaml`));
  });

  it.each(KUBERNETES)('has no field that Kubernetes %s does not know', async (version) => {
    const verdict = await judge(version);
    for (const resource of resources(name)) {
      const expected = OTHERS.has(resource.kind) ? undefined : [];
      expect(verdict(resource), `${resource.kind} ${resource.metadata.name}`).toEqual(expected);
    }
  });

  it('gives no container more than it needs', () => {
    for (const { metadata, spec } of workloads(name)) {
      const { securityContext, automountServiceAccountToken, containers, initContainers } = spec.template.spec;
      expect(automountServiceAccountToken, metadata.name).toBe(false);
      expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      for (const container of [...containers, ...initContainers]) {
        expect(container.securityContext, metadata.name).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          capabilities: { drop: ['ALL'] },
        });
        for (const kind of ['cpu', 'memory', 'ephemeral-storage'])
          expect([container.resources.requests[kind], container.resources.limits[kind]]).not.toContain(undefined);
      }
    }
  });

  it('puts no secret into an environment or a manifest', () => {
    expect(named(name, 'Secret')).toEqual([]);
    const variables = workloads(name).flatMap(({ spec }) => spec.template.spec.containers.flatMap(({ env }) => env));
    const secret = variables.filter(({ name: variable }) => /SECRET|PASSWORD|_URL/.test(variable));
    expect(secret.filter(({ name: variable }) => !variable.endsWith('_FILE'))).toEqual([]);
  });

  it('has a network policy, by its labels, for every pod', () => {
    const Policy = z.object({ podSelector: z.object({ matchLabels: z.record(z.string(), z.string()) }) });
    const policies = resources(name)
      .filter(({ kind }) => kind === 'NetworkPolicy')
      .map(({ spec }) => Policy.parse(spec).podSelector.matchLabels);
    for (const { metadata, spec } of workloads(name)) {
      const labels = spec.template.metadata.labels;
      const fits = policies.filter((match) => Object.entries(match).every(([label, value]) => labels[label] === value));
      expect(fits, metadata.name).toHaveLength(1);
    }
  });

  it('lets no app be without one replica while nodes are emptied', () => {
    expect(named(name, 'PodDisruptionBudget')).toEqual(named(name, 'Deployment'));
  });
});

it.each(KUBERNETES)('a misspelt field is not taken for one by the schemas of Kubernetes %s', async (version) => {
  const service = resources('dev').find(({ kind }) => kind === 'Service');
  if (!service) throw new Error('no service');
  const verdict = await judge(version);
  expect(verdict({ ...service, spek: {} })).toEqual([' must NOT have additional properties']);
});

describe('the apps in the chart', () => {
  const apps = Object.entries(CONTAINERS).map(([container, app]) => ({ container, app }));

  it.each(apps)('$app is told what it is told in docker-compose.yml, and what it reads', ({ container, app }) => {
    const [{ env, ports } = { env: [], ports: [] }] = workloads('production')
      .filter(({ metadata }) => metadata.name === `souk-${app}`)
      .flatMap(({ spec }) => spec.template.spec.containers);
    const told = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    const there = compose.services[container]?.environment ?? {};
    expect(Object.keys(told).toSorted()).toEqual(Object.keys(there).toSorted());
    for (const variable of ['PORT', 'OPS_PORT', 'TRUST_PROXY', 'HOST']) expect(told[variable]).toBe(there[variable]);
    expect(ports.map(({ containerPort }) => String(containerPort))).toEqual(
      [told['PORT'], told['OPS_PORT']].filter(Boolean),
    );
    const example = readDotenv(read(`apps/${app}/.env.example`).replaceAll(/^#(?=[A-Z_]+=)/gm, ''));
    expect(Object.keys(example)).toEqual(
      expect.arrayContaining(Object.keys(told).map((key) => key.replace(/_FILE$/, ''))),
    );
  });

  it('are scaled by their CPU, watched, and judged by the rules of the project', () => {
    const all = APPS.map((app) => `souk-${app}`).toSorted();
    for (const kind of ['Deployment', 'HorizontalPodAutoscaler', 'ServiceMonitor'])
      expect(named('production', kind)).toEqual(all);
    const alerts = read('deploy/prometheus/rules/alerts.yml').match(/alert: \w+/g) ?? [];
    expect(alerts.length).toBeGreaterThan(0);
    for (const alert of alerts) expect(texts.get('production')).toContain(alert);
  });

  it('have all they lean on in the cluster, for development alone', () => {
    expect(named('dev', 'StatefulSet').toSorted()).toEqual(['mongodb', 'nats', 'redis']);
    expect(named('production', 'StatefulSet')).toEqual([]);
    const images = workloads('dev').flatMap(({ spec }) => spec.template.spec.containers.map(({ image }) => image));
    for (const server of ['nats', 'redis', 'mongodb']) expect(images).toContain(compose.services[server]?.image);
  });
});
