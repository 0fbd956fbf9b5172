import { randomUUID } from 'node:crypto';
import type { OrderStatus } from '@souk/contracts';
import { encodeCursor } from '@souk/mongo';
import { type Find, findsOf } from '@souk/mongo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrderDocument } from './order.schema.ts';
import { newId, newOrderId, type Rig, startOrders } from './testing/order-rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startOrders();
});
afterAll(() => rig[Symbol.asyncDispose]());

const order = (userId: string, createdAt: Date, status: OrderStatus = 'confirmed'): OrderDocument => ({
  _id: newOrderId(),
  userId,
  attempt: randomUUID(),
  fingerprint: 'f'.repeat(64),
  status,
  currency: 'USD',
  items: [{ productId: newId(), name: 'Widget', price: 2_999, quantity: 1 }],
  total: 2_999,
  createdAt,
  history: [{ status: 'confirmed', at: createdAt }],
});
const idOf = ({ _id }: OrderDocument): string => _id;
const at = (second: number) => new Date(Date.UTC(2026, 10, 24, 12, 0, second));
const plantAll = (orders: OrderDocument[]) => Promise.all(orders.map((each) => rig.plant(each)));

/** Walks all pages; `between` runs after each. */
async function walk(userId: string, limit: number, status?: OrderStatus, between = async () => {}): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await rig.service.list({ userId, limit, status, cursor });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
    await between();
  } while (cursor);
  return ids;
}

describe('one order', () => {
  it('is shown to whose it is, without what is internal', async () => {
    const mine = order(newId(), at(0), 'paid');
    await rig.plant(mine);
    expect(await rig.service.get({ orderId: idOf(mine), userId: mine.userId })).toEqual({
      id: idOf(mine),
      status: 'paid',
      currency: 'USD',
      total: 2_999,
      items: mine.items,
      createdAt: at(0).toISOString(),
      history: [{ status: 'confirmed', at: at(0).toISOString() }],
    });
  });

  it('is not found by another user, exactly as one that does not exist', async () => {
    const mine = order(newId(), at(0));
    await rig.plant(mine);
    const refusal = { code: 'ORDER_NOT_FOUND' };
    await expect(rig.service.get({ orderId: idOf(mine), userId: newId() })).rejects.toMatchObject(refusal);
    await expect(rig.service.get({ orderId: newOrderId(), userId: mine.userId })).rejects.toMatchObject(refusal);
  });
});

describe('the list of orders', () => {
  it('holds the orders of the user, newest first, and no tombstones', async () => {
    const userId = newId();
    const mine = [2, 0, 1].map((second) => order(userId, at(second)));
    await plantAll([...mine, order(newId(), at(3))]);
    await rig.plantTombstone(randomUUID(), userId);
    const { items, nextCursor } = await rig.service.list({ userId, limit: 20 });
    expect(items.map(({ createdAt }) => createdAt)).toEqual([at(2), at(1), at(0)].map((time) => time.toISOString()));
    expect(nextCursor).toBeNull();
  });

  it('can be narrowed to a status', async () => {
    const userId = newId();
    const paid = order(userId, at(1), 'paid');
    await plantAll([order(userId, at(0)), paid, order(userId, at(2))]);
    const { items } = await rig.service.list({ userId, limit: 20, status: 'paid' });
    expect(items.map(({ id }) => id)).toEqual([idOf(paid)]);
  });

  it.each([undefined, 'confirmed'] as const)(
    'neither skips nor repeats across pages, also where times are equal (status: %s)',
    async (status) => {
      const userId = newId();
      const mine = Array.from({ length: 23 }, (_, i) => order(userId, at(Math.floor(i / 5))));
      await plantAll(mine);
      const ids = await walk(userId, 4, status);
      const sorted = mine.toSorted(
        (a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (idOf(a) < idOf(b) ? 1 : -1),
      );
      expect(ids).toEqual(sorted.map(idOf));
    },
  );

  it('neither skips nor repeats while orders are placed', async () => {
    const userId = newId();
    const mine = Array.from({ length: 20 }, (_, i) => order(userId, at(i)));
    await plantAll(mine);
    let second = 30;
    const ids = await walk(userId, 3, undefined, () => rig.plant(order(userId, at(second++))));
    expect(ids).toEqual(mine.map(idOf).toReversed());
  });

  it('ends with a page that is exactly full', async () => {
    const userId = newId();
    await plantAll([order(userId, at(0)), order(userId, at(1))]);
    expect((await rig.service.list({ userId, limit: 2 })).nextCursor).toBeNull();
  });

  it('refuses a cursor that belongs to another list', async () => {
    const userId = newId();
    await plantAll([order(userId, at(0)), order(userId, at(1))]);
    const { nextCursor } = await rig.service.list({ userId, limit: 1 });
    const ofProducts = encodeCursor(['products', at(0), newId()]);
    for (const [cursor, status] of [
      [nextCursor, 'paid'],
      [ofProducts, undefined],
      ['garbage', undefined],
    ] as const) {
      const page = rig.service.list({ userId, limit: 1, status, cursor: cursor ?? '' });
      await expect(page).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
    }
  });
});

describe('the collection', () => {
  it('has the two arbiters and an index for every list', async () => {
    const indexes = await rig.stored.indexes();
    const keys = indexes.map(({ key, unique }) => `${Object.keys(key).join(',')}${unique ? ' unique' : ''}`);
    expect(keys.toSorted()).toEqual(
      ['_id', 'status', 'userId,attempt unique', 'userId,createdAt,_id', 'userId,status,createdAt,_id'].toSorted(),
    );
  });

  // secantusd-py, which `up` falls back to, plans with an index only where its fields are those of the filter, each with a
  // value. mongod and secantusd-rs plan all of these.
  it('is never read from end to end', async () => {
    const userId = newId();
    await plantAll([order(userId, at(0)), order(userId, at(1)), order(userId, at(2))]);
    const sent = await findsOf(async () => {
      for (const status of [undefined, 'confirmed'] as const) {
        const { items, nextCursor } = await rig.service.list({ userId, limit: 1, status });
        await rig.service.list({ userId, limit: 1, status, cursor: nextCursor ?? '' });
        await rig.service.get({ orderId: items[0]?.id ?? '', userId });
      }
      await rig.repository.findByAttempt(randomUUID(), userId);
      await rig.repository.findCancelling(at(0), 10);
    });
    expect(sent).toHaveLength(8);
    const plan = async ({ filter, sort }: Find) =>
      JSON.stringify((await rig.stored.find(filter, { sort }).explain())['queryPlanner'].winningPlan);
    const isPlanned = !(await plan({ filter: { _id: newOrderId(), userId }, sort: {} })).includes('COLLSCAN');
    for (const find of sent) {
      const winner = await plan(find);
      expect(winner).toMatch(isPlanned ? /IXSCAN|IDHACK/ : /stage/);
      expect(winner).not.toMatch(isPlanned ? /COLLSCAN|"SORT"/ : /^$/);
    }
  });
});
