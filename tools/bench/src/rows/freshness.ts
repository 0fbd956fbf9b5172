import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from '@souk/stack';
import { k6 } from '../k6.ts';
import type { Bench, Row } from '../row.ts';
import { Shop } from '../shop.ts';
import { lookers } from './crowds.ts';

/** Milliseconds. */
interface Promised {
  withinMs: number;
  /** How many changes are waited for at once, and how often each is looked for. */
  changes: number;
  everyMs: number;
}

/** The 99th percentile of the time from the answer to a change until a reader sees it, under 200 shoppers. */
const freshness = (where: string, baseOf: (bench: Bench) => string, { withinMs, changes, everyMs }: Promised): Row => ({
  name: `a change is seen ${where}, under 200 shoppers (p99)`,
  against: 'what is promised',
  unit: 'ms',
  isLessBetter: true,
  must: 1,
  aim: 1,
  async prepare(bench) {
    const shop = new Shop(baseOf(bench));
    const admin = await shop.logIn(bench.adminCredentials);
    const ids = await shop.stock(changes, admin);
    return {
      ours: async () => {
        let isOver = false;
        const load = k6({ ...lookers(bench), isBackground: true }, bench.directory).finally(() => (isOver = true));
        const waits = ids.map((id) => waitsFor(shop, { id, admin, everyMs }, () => isOver));
        const [all] = await Promise.all([Promise.all(waits), load]);
        return quantile(all.flat(), 0.99);
      },
      reference: async () => withinMs,
    };
  },
});

export const freshAtGateway = freshness('at the gateway', ({ gatewayUrl }) => gatewayUrl, {
  withinMs: 100,
  changes: 4,
  everyMs: 5,
});
export const freshThroughNginx = freshness('through Nginx', ({ baseUrl }) => baseUrl, {
  withinMs: 2_200,
  changes: 20,
  everyMs: 50,
});

interface Changed {
  id: string;
  admin: Record<string, string>;
  everyMs: number;
}

/** Changes a product again and again, and reads it all the time, so that it is always in the caches. */
async function waitsFor(shop: Shop, { id, admin, everyMs }: Changed, isOver: () => boolean): Promise<number[]> {
  const waits: number[] = [];
  for (let price = 1; !isOver(); price++) {
    await shop.setPrice(id, price, admin);
    const start = performance.now();
    while ((await shop.priceOf(id)) !== price) await pause(everyMs);
    waits.push(performance.now() - start);
  }
  return waits;
}
