import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Shop } from './shop.ts';
import { soon } from './soon.ts';

const CLIENTS = 8;

/** What customers have seen: orders placed, calls made for them and for reads, and every status. */
export interface Seen {
  orders: number;
  asked: number;
  statuses: Set<number>;
}

/**
 * Customers who look at a product and order one of it, without a pause until told to stop. Whoever is told to ask again does, with
 * the same key.
 */
export async function customers(shop: Shop, productId: string) {
  const seen: Seen = { orders: 0, asked: 0, statuses: new Set() };
  const closing = new AbortController();
  const who = await shop.customer();
  const buy = async () => {
    const headers = { ...who, 'idempotency-key': randomUUID() };
    seen.statuses.add((await shop.call(`/api/products/${productId}`)).status);
    await soon(async () => {
      const { status, headers: told } = await shop.call(
        '/api/orders',
        { items: [{ productId, quantity: 1 }] },
        headers,
      );
      seen.asked++;
      seen.statuses.add(status);
      if (status === 201) return true;
      await pause(Number(told.get('retry-after') ?? 0) * 100);
      return undefined;
    });
    seen.orders++;
  };
  const all = Array.from({ length: CLIENTS }, async () => {
    while (!closing.signal.aborted) await buy();
  });
  return {
    seen,
    reached: (count: number) => soon(async () => (seen.orders >= count ? true : undefined)),
    stop: async () => {
      closing.abort();
      await Promise.all(all);
      return seen;
    },
  };
}
