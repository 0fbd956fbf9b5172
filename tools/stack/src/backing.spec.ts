import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resolveService, services, type Service, type Way } from './backing.ts';
import { platform, sources } from './sources.ts';
import { script, temporary } from './spec-support.ts';
import { Unavailable } from './unavailable.error.ts';

const quiet = () => undefined;
const context = (souk: string, env: NodeJS.ProcessEnv) => ({ souk, env, say: quiet });
/** The ways but the last, which would go out to fetch. */
const offline = (service: Service): Service => ({ ...service, ways: service.ways.slice(0, -1) });

const works: Way = async () => ({ kind: 'given', url: 'x' });
const vain: Way = async () => Promise.reject(new Unavailable('the moon is out of reach'));
const never: Way = async () => Promise.reject(new Error('asked too far'));
const broken: Way = async () => Promise.reject(new TypeError('a defect'));

function fetchedNats(souk: string): string {
  const path = join(souk, 'fetched', `nats-${sources.nats.version}-${platform}`, sources.nats.entry);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '');
  return path;
}

it('takes the URL in the environment before anything else', async () => {
  using bin = temporary();
  script(bin.path, 'nats-server', 'echo "nats-server: v2.15.1"');
  const found = await resolveService(
    services.nats,
    context(bin.path, { PATH: bin.path, NATS_URL: 'nats://there:4222' }),
  );
  expect(found).toEqual({ kind: 'given', url: 'nats://there:4222' });
});

it('takes a binary on PATH before one that was fetched', async () => {
  using bin = temporary();
  const command = script(bin.path, 'nats-server', 'echo "nats-server: v2.12.0"');
  fetchedNats(bin.path);
  const found = await resolveService(services.nats, context(bin.path, { PATH: bin.path }));
  expect(found).toMatchObject({ flavour: 'nats', program: { command } });
});

it('passes over a binary on PATH that is too old', async () => {
  using bin = temporary();
  script(bin.path, 'nats-server', 'echo "nats-server: v2.9.10"');
  const command = fetchedNats(bin.path);
  const found = await resolveService(services.nats, context(bin.path, { PATH: bin.path }));
  expect(found).toMatchObject({ program: { command } });
});

it.each([
  ['redis-server', 'redis', 'Redis server v=6.2.0 sha=0', 'Redis server v=6.0.16 sha=0'],
  ['mongod', 'mongo', 'db version v7.0.5', 'db version v6.0.12'],
] as const)('knows which %s is new enough', async (name, service, enough, old) => {
  using bin = temporary();
  const command = script(bin.path, name, `echo "${enough}"`);
  const found = await resolveService(services[service], context(bin.path, { PATH: bin.path }));
  expect(found).toMatchObject({ program: { command } });
  script(bin.path, name, `echo "${old}"`);
  await expect(resolveService(offlineAll(services[service]), context(bin.path, { PATH: bin.path }))).rejects.toThrow(
    Unavailable,
  );
});

it('takes secantusd-rs where there is no mongod', async () => {
  using bin = temporary();
  const command = script(bin.path, 'secantusd-rs', 'exit 0');
  const found = await resolveService(services.mongo, context(bin.path, { PATH: bin.path }));
  expect(found).toMatchObject({ flavour: 'secantus', program: { command } });
});

it('says every reason and the remedy in one sentence when nothing works', async () => {
  using souk = temporary();
  const service = { ...offline(services.nats), ways: [...services.nats.ways.slice(0, -1), vain] };
  await expect(resolveService(service, context(souk.path, { PATH: souk.path }))).rejects.toThrow(
    'NATS cannot be had (the moon is out of reach): install nats-server 2.12 or newer, or set NATS_URL.',
  );
});

it('goes on to the next way when one is out of reach, and not past one that works', async () => {
  using souk = temporary();
  const service = { ...services.mongo, ways: [vain, works, never] };
  expect(await resolveService(service, context(souk.path, {}))).toEqual({ kind: 'given', url: 'x' });
});

it('does not hide a defect behind the next way', async () => {
  const service = { ...services.mongo, ways: [broken, works] };
  await expect(resolveService(service, context('', {}))).rejects.toThrow(TypeError);
});

function offlineAll(service: Service): Service {
  return { ...service, ways: service.ways.slice(0, 2) };
}
