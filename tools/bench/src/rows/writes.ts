import { DATABASE } from '../catalogue.ts';
import { figureOf } from '../program.ts';
import type { Bench, Row } from '../row.ts';
import { Shop } from '../shop.ts';
import { wrk } from '../wrk.ts';

const BUYERS = 50;
const PRODUCTS = 2_000;
/** More than are hashed at once, fewer than may wait. */
const LOGINS_AT_ONCE = 8;
const ACCOUNTS = 20;

/** A load of orders for one piece each, of products that do not run out. */
export async function orders({ baseUrl, seconds, directory, adminCredentials }: Bench) {
  const shop = new Shop(baseUrl);
  const ids = await shop.stock(PRODUCTS, await shop.logIn(adminCredentials));
  const headers = await shop.logIn(await shop.register());
  const bodies = ids.map((productId) => JSON.stringify({ items: [{ productId, quantity: 1 }] }));
  const load = { base: baseUrl, paths: ['/api/orders'], method: 'POST', headers, bodies, seconds } as const;
  // The first orders meet code that has not been compiled yet.
  await wrk({ ...load, connections: 8 }, directory);
  return { ...load, connections: BUYERS };
}

export const ordersPlaced: Row = {
  name: 'orders of one item, 50 clients',
  against: 'the three writes by the driver',
  unit: 'orders/s',
  must: 0.4,
  aim: 0.6,
  async prepare(bench) {
    const load = await orders(bench);
    const env = { MONGODB_URL: bench.mongoUrl, SECONDS: String(bench.seconds) };
    let turn = 0;
    return {
      ours: () => wrk(load, bench.directory),
      reference: () => figureOf('driver-orders', { ...env, DATABASE: `${DATABASE}_${turn++}` }),
    };
  },
};

export const logins: Row = {
  name: 'logins',
  against: 'argon2id alone, all cores',
  unit: 'logins/s',
  must: 0.8,
  aim: 0.95,
  async prepare({ baseUrl, seconds, directory }) {
    const shop = new Shop(baseUrl);
    const bodies: string[] = [];
    while (bodies.length < ACCOUNTS) bodies.push(await shop.register());
    const path = '/api/auth/login';
    const load = {
      base: baseUrl,
      paths: [path],
      method: 'POST',
      bodies,
      connections: LOGINS_AT_ONCE,
      seconds,
    } as const;
    return {
      ours: () => wrk(load, directory),
      reference: () => figureOf('argon2', { SECONDS: String(seconds) }),
    };
  },
};
