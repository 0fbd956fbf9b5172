import { connect } from '@nats-io/transport-node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { natsOptions } from '../nats-options.ts';
import { environmentOf } from './processes.ts';
import { admin, customer, get, pidsOf, post, product, stack } from './shop.ts';

const frozen: number[] = [];

/** Stops a service from running until the test is over, without the supervisor noticing. */
function freeze(name: string): void {
  for (const pid of pidsOf(name)) {
    process.kill(pid, 'SIGSTOP');
    frozen.push(pid);
  }
}

function thaw(): void {
  for (const pid of frozen.splice(0)) process.kill(pid, 'SIGCONT');
}

afterEach(thaw);

const base = stack.GATEWAY_URL;
const healthy = async () => expect((await get('/health', { base })).body).toMatchObject({ degraded: [] });

describe('when the product service does not run', () => {
  it(
    'answers 503 with Retry-After, marks what the cache holds as stale, and heals by itself',
    { timeout: 60_000 },
    async () => {
      const token = await admin();
      const { id } = await product(token);
      const other = await product(token);
      const { token: buyer } = await customer();
      const items = [{ productId: id, quantity: 1 }];
      expect((await get(`/api/products/${id}`, { base })).status).toBe(200);
      // The order makes the page old; what is answered for it while nobody can make it anew is the old one, marked.
      expect((await post('/api/orders', { items }, { token: buyer })).status).toBe(201);
      await vi.waitFor(async () => expect((await get(`/api/products/${id}`, { base })).body.stock).toBe(99), 4_000);

      freeze('product');
      await vi.waitFor(
        async () => {
          const order = await post('/api/orders', { items }, { token: buyer, base });
          expect(order.status).toBe(503);
          expect(Number(order.headers.get('retry-after'))).toBeGreaterThan(0);
          expect(order.body.code).toBe('SERVICE_UNAVAILABLE');
        },
        { timeout: 15_000, interval: 100 },
      );
      // Until the broker has given the frozen replica up, a probe through the breaker may still wait for its answer.
      await vi.waitFor(async () => expect((await get(`/api/products/${other.id}`, { base })).status).toBe(503), 15_000);
      // Nobody but the product service may say this, and its replica is frozen.
      const nats = await connect(natsOptions(environmentOf('product')['NATS_URL'] ?? ''));
      nats.publish('catalogue.changed', JSON.stringify({ tags: [`product:${id}`] }));
      await nats.drain();
      await vi.waitFor(async () => {
        const stale = await get(`/api/products/${id}`, { base });
        expect(stale.status).toBe(200);
        expect(stale.headers.get('cache-status')).toMatch(/fwd=stale/);
      }, 10_000);
      await vi.waitFor(
        async () => expect((await get('/health/ready', { base })).body).toMatchObject({ degraded: ['product'] }),
        10_000,
      );
      expect((await get('/api/auth/profile', { token: buyer, base })).status).toBe(200);

      thaw();
      await vi.waitFor(
        async () => expect((await post('/api/orders', { items }, { token: buyer, base })).status).toBe(201),
        {
          timeout: 20_000,
          interval: 200,
        },
      );
      await vi.waitFor(healthy, 10_000);
    },
  );
});

describe('when a service is killed', () => {
  it.each(['user', 'product', 'order', 'gateway'])(
    '%s is started again and answers',
    { timeout: 60_000 },
    async (name) => {
      const [pid] = pidsOf(name);
      expect(pid).toBeDefined();
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      await vi.waitFor(
        async () => {
          expect(pidsOf(name)).not.toContain(pid);
          await healthy();
          const { token } = await customer();
          expect((await get('/api/products?limit=2', { base })).status).toBe(200);
          expect((await get('/api/orders', { token, base })).status).toBe(200);
        },
        { timeout: 30_000, interval: 100 },
      );
    },
  );
});

describe('when Redis is frozen', () => {
  it('reads, orders and logins go on', { timeout: 60_000 }, async () => {
    freeze('redis');
    const { token } = await customer();
    const { id } = await product(await admin());
    expect((await get(`/api/products/${id}`, { base })).status).toBe(200);
    const order = await post('/api/orders', { items: [{ productId: id, quantity: 1 }] }, { token });
    expect(order.status).toBe(201);
  });
});
