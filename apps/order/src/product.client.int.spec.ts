import { Controller } from '@nestjs/common';
import { AppError, type HandlerInput, productContracts } from '@souk/contracts';
import { Handles } from '@souk/rpc';
import { NatsServer, startOnBus } from '@souk/rpc/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProductClient } from './product.client.ts';
import { held, newId, newOrderId, within } from './testing/order-rig.ts';

type Reserve = HandlerInput<typeof productContracts.reserve>;
let answer: (request: Reserve) => Promise<ReturnType<typeof held>>;
const received: unknown[] = [];

@Controller()
class Products {
  @Handles(productContracts.reserve)
  reserve(request: Reserve) {
    return answer(request);
  }

  @Handles(productContracts.release)
  async release(holds: HandlerInput<typeof productContracts.release>) {
    received.push(holds);
    return {};
  }

  @Handles(productContracts.settle)
  async settle({ holds }: HandlerInput<typeof productContracts.settle>) {
    received.push(...holds);
    return {};
  }
}

const request = () => ({ orderId: newOrderId(), userId: newId(), items: [{ productId: newId(), quantity: 2 }] });

let nats: NatsServer;
let caller: Awaited<ReturnType<typeof startOnBus>>;
const client = () => new ProductClient(caller.rpc);
beforeAll(async () => {
  nats = await NatsServer.start();
  caller = await startOnBus('order', nats.url);
});
afterAll(async () => {
  await caller.app.close();
  await nats.stop();
});

it('says that nothing was placed, and when to try again, when no product service listens', async () => {
  await expect(client().reserve(request())).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfter: 1 });
});

describe('with a product service on the bus', () => {
  let products: Awaited<ReturnType<typeof startOnBus>>;
  beforeAll(async () => {
    products = await startOnBus('product', nats.url, [Products]);
  });
  afterAll(() => products.app.close());

  it('gives the reservation, and takes holds back and off', async () => {
    answer = async ({ items }) => held(items);
    const asked = request();
    const reservation = await client().reserve(asked);
    expect(reservation).toMatchObject({ outcome: 'held', lines: [{ ...asked.items[0], price: 2_999 }] });
    const holds = { attempt: held([]).attempt, productIds: [newId()] };
    await client().release(holds);
    await client().settle([holds, holds]);
    expect(received).toEqual([holds, holds, holds]);
  });

  it('passes on that a product does not exist', async () => {
    answer = async () => {
      throw new AppError('PRODUCT_NOT_FOUND', { message: 'No product x.' });
    };
    await expect(client().reserve(request())).rejects.toMatchObject({
      code: 'PRODUCT_NOT_FOUND',
      message: 'No product x.',
    });
  });

  it('turns a reservation that did not answer in time, or failed, into the same: nothing was placed', async () => {
    const gate = Promise.withResolvers<void>();
    answer = async ({ items }) => {
      await gate.promise;
      return held(items);
    };
    const unplaced = { code: 'SERVICE_UNAVAILABLE', retryAfter: 1 };
    await expect(within(250, () => client().reserve(request()))).rejects.toMatchObject(unplaced);
    gate.resolve();
    answer = async () => {
      throw new TypeError('a bug');
    };
    await expect(client().reserve(request())).rejects.toMatchObject(unplaced);
  });
});
