import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { APP, APPS, freePort, natsOptions, root } from '@souk/stack';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Servers } from './servers.ts';
import { soon } from './soon.ts';

const directory = mkdtempSync(join(tmpdir(), 'souk-secrets-'));
const [nats, redis] = [await freePort(), await freePort()];
const draw = () =>
  execFileSync('sh', [join(root, 'deploy/secrets.sh'), directory], {
    env: { ...process.env, NATS_HOST: `127.0.0.1:${nats}`, REDIS_HOST: `127.0.0.1:${redis}` },
  });
const told = (file: string) => readFileSync(join(directory, file), 'utf8').trim();
const everything = () =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'utf8')]);

const servers = new Servers(directory);
beforeAll(() => {
  draw();
  const here = ['--addr', '127.0.0.1', '--port', String(nats), '--http_port', '0'];
  servers.start('nats', process.env['TEST_NATS_SERVER'], '--config', join(directory, 'nats/nats.conf'), ...here);
  const acl = join(directory, 'redis/users.acl');
  const there = ['--bind', '127.0.0.1', '--port', String(redis), '--aclfile', acl];
  servers.start('redis', process.env['TEST_REDIS_SERVER'], ...there);
});
afterAll(async () => {
  await servers[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

const busOf = (app: string) =>
  soon(() =>
    connect({ ...natsOptions(told(`${app}/nats_url`)), inboxPrefix: `_INBOX.${app}`, maxReconnectAttempts: 0 }),
  );

describe('deploy/secrets.sh', () => {
  it('keeps what it has drawn', () => {
    const before = everything();
    draw();
    expect(everything()).toEqual(before);
  });

  it('draws no password twice, and none that is short', () => {
    const drawn = ['nats', 'redis', 'mongodb'].flatMap((server) =>
      ['operator', 'root', ...APPS]
        .filter((user) => readdirSync(join(directory, server)).includes(user))
        .map((user) => told(`${server}/${user}`)),
    );
    expect(drawn.length).toBeGreaterThan(10);
    expect(new Set(drawn).size).toBe(drawn.length);
    for (const password of drawn) expect(password).toMatch(/^[A-Za-z0-9]{24,}$/);
    expect(told('gateway/jwt_secret')).toMatch(/^[A-Za-z0-9]{48,}$/);
    expect(told('user/jwt_secret')).toBe(told('gateway/jwt_secret'));
  });

  it.each([...APPS, 'operator'])('lets %s onto the bus', async (app) => {
    const bus = await busOf(app);
    await bus.flush();
    expect(bus.isClosed()).toBe(false);
    await bus.close();
  });

  it('lets nobody say on the bus what is not theirs to say', async () => {
    const bus = await busOf('user');
    const refusal = Promise.withResolvers<string>();
    void (async () => {
      for await (const { type, ...event } of bus.status())
        if (type === 'error') refusal.resolve(String(Object.values(event)[0]));
    })();
    bus.publish('product.remove', '{}');
    await bus.flush();
    expect(await refusal.promise).toMatch(/permissions violation for publish to "product.remove"/i);
    await bus.close();
  });

  it('lets nobody onto the bus without a password', async () => {
    await busOf('gateway').then((bus) => bus.close());
    await expect(connect({ servers: `127.0.0.1:${nats}`, maxReconnectAttempts: 0 })).rejects.toThrow(/Authorization/);
  });

  it('lets the gateway use Redis, and do no harm there', async () => {
    const client = new Redis(told('gateway/redis_url'), { retryStrategy: () => 50 });
    await soon(() => client.ping());
    expect(await client.set('souk:1', 'x')).toBe('OK');
    await expect(client.call('FLUSHALL')).rejects.toThrow(/NOPERM/);
    await expect(client.get('other')).rejects.toThrow(/NOPERM/);
    client.disconnect();
  });

  it('has MongoDB’s users of the services in URLs that the driver reads', () => {
    for (const app of APPS.filter((name) => APP[name].backing.includes('mongo'))) {
      const url = new URL(told(`${app}/mongodb_url`));
      expect(url.password).toBe(told(`mongodb/${app}`));
      expect([url.username, url.pathname]).toEqual([app, `/souk_${app}`]);
    }
  });
});
