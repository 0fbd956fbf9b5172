import { randomUUID } from 'node:crypto';
import { AppError, type OrderStatus } from '@souk/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OrderDocument } from './order.schema.ts';
import { newId, newOrderId, type Rig, startOrders } from './testing/order-rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startOrders();
});
afterEach(() => {
  rig.products.reset();
});
afterAll(() => rig[Symbol.asyncDispose]());

const placedAt = new Date('2026-11-24T10:00:00.123Z');

async function plant(status: OrderStatus = 'confirmed', history = [{ status, at: placedAt }]): Promise<OrderDocument> {
  const order: OrderDocument = {
    _id: newOrderId(),
    userId: newId(),
    attempt: randomUUID(),
    fingerprint: 'f'.repeat(64),
    status,
    currency: 'USD',
    items: [{ productId: newId(), name: 'Widget', price: 2_999, quantity: 2 }],
    total: 5_998,
    createdAt: placedAt,
    history,
  };
  await rig.plant(order);
  return order;
}
const statesOf = async ({ _id }: OrderDocument) =>
  (await rig.stored.findOne({ _id }))?.history?.map(({ status }) => status);
const cancel = ({ _id, userId }: OrderDocument) => rig.mover.cancel({ orderId: _id, userId });
const move = ({ _id }: OrderDocument, to: 'paid' | 'shipped' | 'delivered', moveId: string = randomUUID()) =>
  rig.mover.move({ orderId: _id, moveId, to });
const restockOf = ({ _id, items }: OrderDocument) => ({
  orderId: _id,
  items: items.map(({ productId, quantity }) => ({ productId, quantity })),
});

describe('moving an order', () => {
  it('goes from confirmed to delivered, and keeps each state with its time', async () => {
    const order = await plant();
    for (const to of ['paid', 'shipped', 'delivered'] as const) {
      const { status, history } = await move(order, to);
      expect(status).toBe(to);
      expect(history.at(-1)).toEqual({ status: to, at: expect.stringMatching(/Z$/) });
    }
    expect(await statesOf(order)).toEqual(['confirmed', 'paid', 'shipped', 'delivered']);
  });

  it('is refused where the table has no such move, naming both states', async () => {
    const order = await plant();
    await expect(move(order, 'delivered')).rejects.toMatchObject({
      code: 'ORDER_STATE_CONFLICT',
      message: 'An order that is confirmed cannot become delivered.',
    });
    expect(await statesOf(order)).toEqual(['confirmed']);
  });

  it('repeated changes nothing', async () => {
    const order = await plant();
    const once = await move(order, 'paid');
    expect(await move(order, 'paid')).toEqual(once);
    expect(await statesOf(order)).toEqual(['confirmed', 'paid']);
  });

  it('happens once when many ask at the same time', async () => {
    const order = await plant();
    await Promise.all(Array.from({ length: 20 }, () => move(order, 'paid')));
    expect(await statesOf(order)).toEqual(['confirmed', 'paid']);
  });

  it('that was made is not refused because another one followed before its answer', async () => {
    const order = await plant();
    const moveId = randomUUID();
    await move(order, 'paid', moveId);
    await move(order, 'shipped');
    expect(await move(order, 'paid', moveId)).toMatchObject({ status: 'shipped' });
    await expect(move(order, 'paid')).rejects.toMatchObject({ code: 'ORDER_STATE_CONFLICT' });
    expect(await statesOf(order)).toEqual(['confirmed', 'paid', 'shipped']);
  });

  it('of no order is 404', async () => {
    await expect(rig.mover.move({ orderId: newOrderId(), moveId: randomUUID(), to: 'paid' })).rejects.toMatchObject({
      code: 'ORDER_NOT_FOUND',
    });
  });
});

describe('cancelling an order', () => {
  it.each(['confirmed', 'paid'] as const)('that is %s puts its stock back and says so', async (status) => {
    const order = await plant(status);
    rig.products.expectRestock();
    expect(await cancel(order)).toMatchObject({ status: 'cancelled', total: 5_998 });
    expect(rig.products.restocked).toEqual([restockOf(order)]);
    expect(await statesOf(order)).toEqual([status, 'cancelling', 'cancelled']);
  });

  it.each(['shipped', 'delivered'] as const)('that is %s is refused', async (status) => {
    const order = await plant(status);
    await expect(cancel(order)).rejects.toMatchObject({ code: 'ORDER_STATE_CONFLICT', details: { from: status } });
    expect(rig.products.restocked).toEqual([]);
  });

  it('of somebody else is 404, like one that is not there', async () => {
    const order = await plant();
    await expect(cancel({ ...order, userId: newId() })).rejects.toMatchObject({ code: 'ORDER_NOT_FOUND' });
    expect(await statesOf(order)).toEqual(['confirmed']);
  });

  it('again answers the same and moves nothing', async () => {
    const order = await plant();
    rig.products.expectRestock();
    const once = await cancel(order);
    expect(await cancel(order)).toEqual(once);
    expect(rig.products.restocked).toHaveLength(1);
  });

  it('stays cancelling while the stock cannot be put back, and is finished by the sweeper', async () => {
    const order = await plant();
    rig.products.expectRestock(() => {
      throw new AppError('SERVICE_UNAVAILABLE');
    });
    expect(await cancel(order)).toMatchObject({ status: 'cancelling' });
    rig.products.expectRestock();
    await rig.sweeper.sweep(Date.now() + 60_000);
    expect(await statesOf(order)).toEqual(['confirmed', 'cancelling', 'cancelled']);
    expect(rig.products.restocked).toEqual([restockOf(order), restockOf(order)]);
  });

  it('is left alone by the sweeper while it is young', async () => {
    const order = await plant('cancelling', [{ status: 'cancelling', at: new Date() }]);
    await rig.sweeper.sweep();
    expect(await statesOf(order)).toEqual(['cancelling']);
    rig.products.expectRestock();
    await rig.sweeper.sweep(Date.now() + 60_000);
    expect(await statesOf(order)).toEqual(['cancelling', 'cancelled']);
  });

  it('finished by two at once is cancelled once', async () => {
    const order = await plant('cancelling');
    rig.products.expectRestock();
    await Promise.all([rig.sweeper.sweep(), rig.sweeper.sweep(), cancel(order)]);
    expect(await statesOf(order)).toEqual(['cancelling', 'cancelled']);
  });
});
