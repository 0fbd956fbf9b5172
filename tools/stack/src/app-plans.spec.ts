import { expect, it } from 'vitest';
import { type BackingName, eachApp } from './apps.ts';
import { planApp } from './app-plans.ts';
import { CREDENTIALS } from './spec-support.ts';

const urls: Record<BackingName, string> = {
  nats: 'nats://n:1',
  mongo: 'mongodb://m:1/?directConnection=true',
  redis: 'redis://r:1',
};
const settings = {
  urlOf: (service: BackingName): string | undefined => urls[service],
  credentials: CREDENTIALS,
  env: {},
};
const at = (port: number) => ({ host: '127.0.0.1', port, opsPort: port });
const addresses = {
  nginx: undefined,
  apps: { ...eachApp(() => []), gateway: [at(1)], order: [at(2), at(3)] },
  nats: 0,
  natsMonitoring: 0,
  redis: 0,
  mongo: 0,
  prometheus: undefined,
  exporters: undefined,
  nginxStatus: undefined,
};
const site = { addresses, data: '/data', logs: '/logs', env: {} };
const entryPoint = (app: string) => `${app}.js`;

it('leads each replica to the backing services by a way of its own', async () => {
  const route = (service: string, url: string, _app: string, replica: number) =>
    url.replace(/:1\b/, `:${replica}${service.length}`);
  const [first, second] = await planApp('order', site, settings, { entryPoint, route });
  expect(first?.env).toMatchObject({
    NATS_URL: 'nats://n:14',
    MONGODB_URL: 'mongodb://m:15/souk_order?directConnection=true',
  });
  expect(second?.env).toMatchObject({
    NATS_URL: 'nats://n:24',
    MONGODB_URL: 'mongodb://m:25/souk_order?directConnection=true',
  });
});

it('asks for no way that an app does not go', async () => {
  const asked: string[] = [];
  const route = (service: string, url: string) => {
    asked.push(service);
    return url;
  };
  const withoutRedis = {
    ...settings,
    urlOf: (service: BackingName) => (service === 'redis' ? undefined : urls[service]),
  };
  await planApp('gateway', site, withoutRedis, { entryPoint, route });
  expect(asked).toEqual(['nats']);
  await planApp('gateway', site, settings, { entryPoint, route });
  expect(asked).toEqual(['nats', 'nats', 'redis']);
});
