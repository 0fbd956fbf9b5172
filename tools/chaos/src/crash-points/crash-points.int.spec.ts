import { type ProtocolStep, protocolSteps } from '@souk/contracts';
import { build, soukDirectory } from '@souk/stack';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { scenarios } from './scenarios.ts';
import { QUANTITY, Shop, STOCK } from './shop.ts';

/** An abandoned hold is back in stock within 10 s; starting a process takes some more here. */
const RECOVERY = { timeout: 30_000, interval: 200 };

beforeAll(async () => {
  await build({ env: process.env, souk: soukDirectory, say: console.error });
}, 120_000);

const steps = Object.entries(protocolSteps) as [ProtocolStep, (typeof protocolSteps)[ProtocolStep]][];

async function answered(call: Promise<unknown>): Promise<void> {
  if ((await call) === undefined) throw new Error('refused, or not answered');
}

/** Stock, what is held of it, and what orders that were not cancelled have bought, of each product. */
async function books(shop: Shop) {
  const [products, orders] = [await shop.products(), await shop.orders()];
  return products.map(({ _id, stock, holds }) => {
    const lines = orders.filter(({ status }) => status !== 'cancelled').flatMap(({ items }) => items);
    const sold = lines.filter(({ productId }) => productId === _id).reduce((sum, { quantity }) => sum + quantity, 0);
    return { _id, stock, held: holds.length, sold };
  });
}

async function expectSettled(shop: Shop, ids: string[]): Promise<void> {
  await vi.waitFor(async () => {
    for (const { status } of await shop.orders()) expect(status).not.toBe('cancelling');
    for (const { _id, stock, held, sold } of await books(shop)) {
      expect(held).toBe(0);
      expect(stock + sold).toBe(ids.includes(_id) ? STOCK : 0);
    }
  }, RECOVERY);
}

describe('a process that is killed', () => {
  it.concurrent.each(steps)(
    'right after %s leaves books that balance, and the order can be had',
    { timeout: 120_000 },
    async (step, service) => {
      await using shop = await Shop.open();
      const other = service === 'order' ? 'product' : 'order';
      const [victim] = await Promise.all([shop.start(service, step), shop.start(other)]);
      const ids = [await shop.addProduct(), await shop.addProduct()];
      await scenarios[step](shop, ids);
      expect(await victim.death()).toBe('SIGKILL');
      await shop.start(service);

      // Whoever asked and was not answered asks again.
      const isCancelling = step.startsWith('cancel.') || step.startsWith('restock.');
      await vi.waitFor(() => answered(shop.place(ids)), RECOVERY);
      if (isCancelling) await vi.waitFor(() => answered(shop.cancel()), RECOVERY);

      await expectSettled(shop, ids);
      const orders = await shop.orders();
      expect(orders.map(({ _id }) => _id)).toEqual([shop.orderId]);
      expect(orders[0]?.history.map(({ status }) => status)).toEqual(
        isCancelling ? ['confirmed', 'cancelling', 'cancelled'] : ['confirmed'],
      );
      const left = STOCK - (isCancelling ? 0 : QUANTITY);
      expect((await shop.products()).filter(({ _id }) => ids.includes(_id)).map(({ stock }) => stock)).toEqual([
        left,
        left,
      ]);
    },
  );
});
