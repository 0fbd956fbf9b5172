import { randomUUID } from 'node:crypto';
import { mongo } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { isTombstone } from './order.schema.ts';
import { held, newId, newOrderId, type Rig, startOrders, within } from './testing/order-rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startOrders();
});
afterEach(() => {
  vi.restoreAllMocks();
  rig.products.reset();
});
afterAll(() => rig[Symbol.asyncDispose]());

const resolve = (...attempts: { attempt: string; userId: string }[]) => rig.resolver.resolve({ attempts });
const unknown = () => ({ attempt: randomUUID(), userId: newId() });

async function placed() {
  const request = { orderId: newOrderId(), userId: newId(), items: [{ productId: newId(), quantity: 1 }] };
  const attempt = randomUUID();
  rig.products.answer(() => held(request.items, attempt));
  await within(2_400, () => rig.placer.place(request));
  return { attempt, userId: request.userId, orderId: request.orderId };
}

describe('an attempt', () => {
  it('that has an order is sold, in whatever state the order is', async () => {
    const { attempt, userId, orderId } = await placed();
    expect(await resolve({ attempt, userId })).toEqual({ sold: [attempt], voided: [] });
    await rig.stored.updateOne({ _id: orderId }, { $set: { status: 'cancelled' } });
    expect(await resolve({ attempt, userId })).toEqual({ sold: [attempt], voided: [] });
  });

  it('that has none is voided for ever: its late insert is refused', async () => {
    const request = { orderId: newOrderId(), userId: newId(), items: [{ productId: newId(), quantity: 1 }] };
    const late = randomUUID();
    rig.products.answer(
      () => held(request.items, late),
      () => held(request.items),
    );
    rig.products.expectRelease();
    rig.repository.faults = [
      async (insert) => {
        expect(await resolve({ attempt: late, userId: request.userId })).toEqual({ sold: [], voided: [late] });
        await insert();
      },
    ];
    const { order } = await within(2_400, () => rig.placer.place(request));
    expect(order.id).toBe(request.orderId);
    expect((await rig.stored.findOne({ _id: request.orderId }))?.attempt).not.toBe(late);
    expect(rig.products.released).toMatchObject([{ attempt: late }]);
  });

  it('is voided once, however many ask at the same time', async () => {
    const { attempt, userId } = unknown();
    const answers = await Promise.all(Array.from({ length: 20 }, () => resolve({ attempt, userId })));
    for (const answer of answers) expect(answer).toEqual({ sold: [], voided: [attempt] });
    expect(await rig.stored.countDocuments({ attempt })).toBe(1);
  });

  it('whose order is inserted between the look and the tombstone is sold', async () => {
    const { attempt, userId } = await placed();
    const first = vi.spyOn(rig.repository, 'findByAttempt').mockResolvedValueOnce(null);
    expect(await resolve({ attempt, userId })).toEqual({ sold: [attempt], voided: [] });
    expect(first).toHaveBeenCalledTimes(2);
  });

  it('is left undecided when the tombstone has no answer, and does not keep others from being decided', async () => {
    const [lost, other] = [unknown(), unknown()];
    const insert = rig.repository.insertTombstone.bind(rig.repository);
    vi.spyOn(rig.repository, 'insertTombstone').mockImplementation(async (tombstone) => {
      await insert(tombstone);
      if (tombstone.attempt === lost.attempt) throw new mongo.MongoNetworkError('the connection was cut');
    });
    expect(await resolve(lost, other)).toEqual({ sold: [], voided: [other.attempt] });
    await expect(resolve(unknown(), lost)).resolves.toMatchObject({ voided: expect.arrayContaining([lost.attempt]) });
  });

  it('of several is told apart from the rest', async () => {
    const [bought, dead] = [await placed(), unknown()];
    expect(await resolve(dead, bought)).toEqual({ sold: [bought.attempt], voided: [dead.attempt] });
    const standing = await rig.repository.findByAttempt(dead.attempt, dead.userId);
    expect(standing && isTombstone(standing)).toBe(true);
  });
});
