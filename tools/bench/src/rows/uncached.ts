import { freePort } from '@souk/stack';
import { copyCatalogue, DATABASE } from '../catalogue.ts';
import { startBaseline } from '../program.ts';
import type { Row } from '../row.ts';
import { wrk } from '../wrk.ts';

const CONNECTIONS = 50;
const PRODUCTS = 2_000;

/** The whole way there and back, against the same way with nothing on it. */
export const throughBus: Row = {
  name: 'product by id, caches off',
  against: 'Fastify, NATS, findOne',
  unit: 'requests/s',
  must: 0.6,
  aim: 0.85,
  isUncached: true,
  async prepare(bench) {
    const { gatewayUrl, natsUrl, mongoUrl, seconds, directory } = bench;
    const { products } = await copyCatalogue(bench, PRODUCTS);
    const paths = products.map(({ id }) => `/api/products/${id}`);
    const [port, env] = [await freePort(), { NATS_URL: natsUrl, MONGODB_URL: mongoUrl, DATABASE }];
    const base = `http://127.0.0.1:${port}`;
    const finder = await startBaseline('nats-find', env);
    const fastify = await startBaseline('fastify-nats', { ...env, PORT: String(port) }, `${base}${paths[0]}`);
    const read = (base: string) => wrk({ base, paths, connections: CONNECTIONS, seconds }, directory);
    const end = async () => void (await Promise.all([finder.stop(), fastify.stop()]));
    return { ours: () => read(gatewayUrl), reference: () => read(base), end };
  },
};
