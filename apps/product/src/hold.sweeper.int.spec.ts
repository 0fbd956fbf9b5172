import { AppError, productTag } from '@souk/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId, type Rig, startProduct, widget } from './testing/product-rig.ts';

const AGED_MS = 60_000;

let shop: Rig;
beforeAll(async () => {
  shop = await startProduct();
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => shop[Symbol.asyncDispose]());

type Decision = 'sold' | 'voided' | 'undecided';

/** The order service, scripted: what it says of each attempt. One that nobody programmed is undecided. */
function script(decisions: Map<string, Decision>) {
  const decidedAs = (wanted: Decision, attempts: { attempt: string }[]) =>
    attempts.map(({ attempt }) => attempt).filter((attempt) => decisions.get(attempt) === wanted);
  return vi.spyOn(shop.orders, 'resolve').mockImplementation(async (attempts) => ({
    sold: decidedAs('sold', attempts),
    voided: decidedAs('voided', attempts),
  }));
}

const product = async (stock = 10) => (await shop.products.create(widget({ stock }))).id;
const state = async (id: string) => {
  const { stock, holds } = await shop.stored(id);
  return { stock, holds: holds.length };
};
const hold = (...ids: string[]) => shop.hold(ids.map((productId) => ({ productId, quantity: 2 })));
const sweep = () => shop.sweeper.sweep(Date.now() + AGED_MS);

describe('the sweeper', () => {
  it('gives back what an attempt without an order holds, on every product, and announces it', async () => {
    const ids = [await product(), await product()];
    const { attempt } = await hold(...ids);
    script(new Map([[attempt, 'voided']]));
    await sweep();
    for (const id of ids) expect(await state(id)).toEqual({ stock: 10, holds: 0 });
    await expect.poll(() => shop.announced.flat()).toEqual(expect.arrayContaining(ids.map(productTag)));
  });

  it('settles what an order has bought', async () => {
    const id = await product();
    const { attempt } = await hold(id);
    script(new Map([[attempt, 'sold']]));
    await sweep();
    expect(await state(id)).toEqual({ stock: 8, holds: 0 });
  });

  it('leaves alone what is young, and what cannot be decided', async () => {
    const id = await product();
    const { attempt } = await hold(id);
    const asked = script(new Map([[attempt, 'undecided']]));
    await shop.sweeper.sweep();
    expect(asked).not.toHaveBeenCalled();
    await sweep();
    expect(await state(id)).toEqual({ stock: 8, holds: 1 });
    script(new Map([[attempt, 'voided']]));
    await sweep();
    expect(await state(id)).toEqual({ stock: 10, holds: 0 });
  });

  it('changes nothing more when two sweep at once, or one sweeps again', async () => {
    const [sold, dead] = [await product(), await product()];
    const decisions = new Map<string, Decision>([
      [(await hold(sold)).attempt, 'sold'],
      [(await hold(dead)).attempt, 'voided'],
    ]);
    script(decisions);
    await Promise.all([sweep(), sweep(), sweep()]);
    await sweep();
    expect([await state(sold), await state(dead)]).toEqual([
      { stock: 8, holds: 0 },
      { stock: 10, holds: 0 },
    ]);
  });

  it('goes on batch by batch until nothing old is left', async () => {
    const id = await product(1_000);
    const decisions = new Map<string, Decision>();
    const asked = script(decisions);
    for (let i = 0; i < 230; i++) decisions.set((await hold(id)).attempt, 'voided');
    await sweep();
    expect(await state(id)).toEqual({ stock: 1_000, holds: 0 });
    for (const [attempts] of asked.mock.calls) expect(attempts.length).toBeLessThanOrEqual(100);
  });

  it('says so when the orders cannot be asked, and loses nothing', async () => {
    const id = await product();
    await hold(id);
    vi.spyOn(shop.orders, 'resolve').mockRejectedValue(new AppError('SERVICE_UNAVAILABLE'));
    await expect(sweep()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(await state(id)).toEqual({ stock: 8, holds: 1 });
    await shop.model.updateOne({ _id: id }, { $set: { holds: [] } });
  });

  it('finds old holds by an index', async () => {
    await product();
    const plan = await shop.model.collection.find({ 'holds.at': { $lt: new Date(0) } }).explain();
    expect(JSON.stringify(plan)).toContain('IXSCAN');
  });
});

describe('restocking', () => {
  const restock = (orderId: string, ids: string[]) =>
    shop.restocks.restock({ orderId, items: ids.map((productId) => ({ productId, quantity: 3 })) });
  const orderId = () => newId() + newId().slice(0, 8);

  it('puts every line back, once for ever, and keeps an entry of it', async () => {
    const ids = [await product(), await product()];
    const order = orderId();
    await restock(order, ids);
    await restock(order, ids);
    for (const id of ids) expect((await shop.stored(id)).stock).toBe(13);
    const entries = await shop.model.db.collection('stock_ledger').find({ orderId: order }).toArray();
    expect(entries.map(({ productId, quantity }) => [productId, quantity]).toSorted()).toEqual(
      ids.toSorted().map((productId) => [productId, 3]),
    );
  });

  it('happens once when many ask at the same time, while others buy', async () => {
    const id = await product(100);
    const orders = Array.from({ length: 10 }, orderId);
    await Promise.all([
      ...orders.flatMap((order) => [1, 2, 3].map(() => restock(order, [id]).catch(() => undefined))),
      ...Array.from({ length: 20 }, () => shop.reserve([{ productId: id, quantity: 1 }])),
    ]);
    for (const order of orders) await restock(order, [id]);
    const { stock, holds } = await shop.stored(id);
    expect(stock + holds.length).toBe(130);
  });

  it('goes to an archived product too', async () => {
    const id = await product();
    await shop.products.remove(id);
    await restock(orderId(), [id]);
    expect((await shop.stored(id)).stock).toBe(13);
  });

  it('of a product nobody knows is refused, keeps no entry of it, and restocks the others', async () => {
    const [known, unknown, order] = [await product(), newId(), orderId()];
    await expect(restock(order, [known, unknown])).rejects.toMatchObject({ code: 'PRODUCT_NOT_FOUND' });
    expect((await shop.stored(known)).stock).toBe(13);
    const entries = await shop.model.db.collection('stock_ledger').find({ orderId: order }).toArray();
    expect(entries).toMatchObject([{ productId: known }]);
  });
});
