import { connect, type NatsConnection } from '@nats-io/transport-node';
import { services } from '@souk/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { natsOptions } from '../nats-options.ts';
import { get, stack } from './shop.ts';

const Endpoints = z.object({
  endpoints: z.array(z.looseObject({ subject: z.string(), num_requests: z.number(), queue_group: z.string() })),
});

const Page = z.object({ items: z.tuple([z.object({ id: z.string() })]) });

/** The id of a product, as soon as the store, busy with what another test has asked of it, answers a list in time. */
const anyProduct = () =>
  vi.waitFor(async () => Page.parse((await get('/api/products?limit=1')).body).items[0].id, { timeout: 10_000 });

describe('on the bus', () => {
  let nats: NatsConnection;
  beforeAll(async () => {
    nats = await connect(natsOptions(stack.NATS_URL));
  });
  afterAll(() => nats.close());

  it('the services announce themselves as NATS services', async () => {
    const names: string[] = [];
    for await (const message of await nats.requestMany('$SRV.PING', '', { maxWait: 1_000 })) {
      names.push(message.json<{ name: string }>().name);
    }
    expect(new Set(names)).toEqual(new Set(services));
  });

  it('product.get answers plain JSON to a plain request, and is counted', async () => {
    const requests = async () => {
      const stats = Endpoints.parse((await nats.request('$SRV.STATS.product')).json());
      return stats.endpoints.find(({ subject }) => subject === 'product.get');
    };
    const before = await requests();
    const id = await anyProduct();
    const product = (await nats.request('product.get', JSON.stringify({ id }))).json();
    expect(product).toMatchObject({ id, price: expect.any(Number), currency: 'USD' });
    const after = await requests();
    expect(after?.queue_group).toBe('product');
    expect(after?.num_requests).toBeGreaterThan(before?.num_requests ?? 0);
  });

  it('nothing but what the contract promises leaves a service', async () => {
    const reply = await nats.request('product.get', JSON.stringify({ id: await anyProduct() }));
    expect(reply.string()).not.toMatch(/holds|terms|__v|_id"/);
  });
});
