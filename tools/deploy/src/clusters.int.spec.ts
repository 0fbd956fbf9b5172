import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@souk/stack';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { customers } from './customers.ts';
import { Servers } from './servers.ts';
import { Shop } from './shop.ts';
import { soon } from './soon.ts';

const STOCK = 100_000;
const ports = (count: number) => Promise.all(Array.from({ length: count }, () => freePort()));

/** A directory, and servers in it, that are gone with the test. */
function servers() {
  const directory = mkdtempSync(join(tmpdir(), 'souk-cluster-'));
  const running = new Servers(directory);
  const end = async () => {
    await running[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  };
  return { directory, running, [Symbol.asyncDispose]: end };
}

it(
  'a Redis of Sentinels whose master is killed under load costs no order; limits and caches go on at the next',
  { timeout: 180_000 },
  async () => {
    await using group = servers();
    const [master = 0, replica = 0, ...sentinels] = await ports(5);
    const binary = process.env['TEST_REDIS_SERVER'];
    const redis = (port: number, ...args: string[]) =>
      group.running.start(`redis ${port}`, binary, '--port', `${port}`, '--bind', '127.0.0.1', '--save', '', ...args);
    redis(master);
    redis(replica, '--replicaof', '127.0.0.1', `${master}`);
    for (const port of sentinels) {
      const file = join(group.directory, `sentinel-${port}.conf`);
      const rules = [
        `monitor souk 127.0.0.1 ${master} 2`,
        'down-after-milliseconds souk 1000',
        'failover-timeout souk 3000',
      ];
      writeFileSync(
        file,
        [`port ${port}`, 'bind 127.0.0.1', ...rules.map((rule) => `sentinel ${rule}`), ''].join('\n'),
      );
      group.running.start(`sentinel ${port}`, binary, file, '--sentinel');
    }
    const next = new Redis(replica, { retryStrategy: () => 100, maxRetriesPerRequest: null }).on(
      'error',
      () => undefined,
    );
    using closing = new DisposableStack();
    closing.defer(() => next.disconnect());
    await soon(async () => (/master_link_status:up/.test(await next.info('replication')) ? true : undefined));

    const url = `redis+sentinel://${sentinels.map((port) => `127.0.0.1:${port}`).join(',')}/souk`;
    await using shop = await Shop.start({ env: { REDIS_URL: url } });
    const productId = await shop.product(STOCK);
    const buying = await customers(shop, productId);
    await buying.reached(100);
    const keysOf = async (kind: string) => (await next.keys(`*souk:${kind}*`)).length;
    await soon(async () => ((await keysOf('limit')) > 0 ? true : undefined));

    await group.running.kill(`redis ${master}`);
    await soon(async () => (/role:master/.test(await next.info('replication')) ? true : undefined));
    await next.flushall();
    await soon(async () => ((await keysOf('limit')) > 0 && (await keysOf('taken')) > 0 ? true : undefined));
    await soon(async () => {
      await shop.call(`/api/products?limit=${1 + Math.floor(Math.random() * 100)}`);
      return (await keysOf('cache')) > 0 ? true : undefined;
    });

    const { orders, asked, statuses } = await buying.stop();
    expect([...statuses].toSorted()).toEqual([200, 201]);
    expect(asked).toBe(orders);
    await shop.untilStock(productId, STOCK - orders);
  },
);

const Connections = z.object({ connections: z.array(z.object({ name: z.string().optional() })) });

it(
  'a NATS cluster whose node with the gateway on it is killed under load loses no order and places none twice',
  { timeout: 180_000 },
  async () => {
    await using group = servers();
    const nodes = await Promise.all([1, 2, 3].map(async () => ports(3)));
    const routes = nodes.map(([, route]) => `nats://127.0.0.1:${route}`).join(',');
    for (const [client, route, monitoring] of nodes) {
      const at = ['--addr', '127.0.0.1', '--port', `${client}`, '--http_port', `${monitoring}`];
      const together = ['--cluster_name', 'souk', '--cluster', `nats://127.0.0.1:${route}`, '--routes', routes];
      group.running.start(`nats ${client}`, process.env['TEST_NATS_SERVER'], ...at, ...together);
    }
    const connectionsOf = async (monitoring: number | undefined) => {
      const answer = await fetch(`http://127.0.0.1:${monitoring}/connz`);
      return Connections.parse(await answer.json()).connections.map(({ name }) => name);
    };
    for (const [, , monitoring] of nodes) await soon(() => connectionsOf(monitoring));

    const url = nodes.map(([client]) => `nats://127.0.0.1:${client}`).join(',');
    await using shop = await Shop.start({ env: { NATS_URL: url } });
    const productId = await shop.product(STOCK);
    const buying = await customers(shop, productId);
    await buying.reached(100);

    const homes = await Promise.all(
      nodes.map(async ([client, , monitoring]) => ({ client, names: await connectionsOf(monitoring) })),
    );
    const home = homes.find(({ names }) => names.includes('gateway'));
    await group.running.kill(`nats ${home?.client}`);
    await buying.reached(buying.seen.orders + 100);

    const { orders } = await buying.stop();
    await expect(shop.untilStock(productId, STOCK - orders)).resolves.toBeUndefined();
  },
);
