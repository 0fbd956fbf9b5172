import { expect, it } from 'vitest';
import { appEnvironment, hasDatabase, withDatabase } from './app-environment.ts';
import { CREDENTIALS } from './spec-support.ts';

const settings = {
  credentials: CREDENTIALS,
  env: { RATE_LIMIT_FACTOR: '1000', NODE_OPTIONS: '--inspect', SECRET: 'x' },
};
const urls = { nats: 'nats://n', mongo: 'mongodb://m:1/?directConnection=true' };
const address = { host: '127.0.0.1', port: 3000, opsPort: 3004 };

it('gives each app a database of its own and only the secrets it needs', () => {
  expect(appEnvironment('order', address, urls, settings)).toEqual({
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT: '3000',
    NATS_URL: 'nats://n',
    LOG_LEVEL: 'info',
    MONGODB_URL: 'mongodb://m:1/souk_order?directConnection=true',
  });
});

it('tells the gateway of Redis only where there is one, and passes the rate factor on', () => {
  expect(appEnvironment('gateway', address, { nats: 'nats://n' }, settings)).not.toHaveProperty('REDIS_URL');
  const withRedis = appEnvironment('gateway', address, { nats: 'nats://n', redis: 'redis://r' }, settings);
  expect(withRedis).toMatchObject({ REDIS_URL: 'redis://r', RATE_LIMIT_FACTOR: '1000', OPS_PORT: '3004' });
});

it.each([
  ['mongodb://h:1', false],
  ['mongodb://h:1/?directConnection=true', false],
  ['mongodb://u:p@a:1,b:2/souk_user?w=majority', true],
])('knows whether %s names a database', (url, expected) => {
  expect(hasDatabase(url)).toBe(expected);
});

it.each([
  ['mongodb://h:1', 'mongodb://h:1/db'],
  ['mongodb://h:1/', 'mongodb://h:1/db'],
  ['mongodb://a:1,b:2/old?replicaSet=rs0', 'mongodb://a:1,b:2/db?replicaSet=rs0'],
  ['mongodb+srv://u:p@c.example/?w=majority', 'mongodb+srv://u:p@c.example/db?w=majority'],
  ['mongodb://u:p@h:1/accounts', 'mongodb://u:p@h:1/db?authSource=accounts'],
  ['mongodb://u:p@h:1/accounts?authSource=admin', 'mongodb://u:p@h:1/db?authSource=admin'],
])('puts the database into %s', (url, expected) => {
  expect(withDatabase(url, 'db')).toBe(expected);
});
