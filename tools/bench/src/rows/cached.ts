import { serveBaseline } from '../program.ts';
import type { Row } from '../row.ts';
import { Shop } from '../shop.ts';
import { serveFiles } from '../static-nginx.ts';
import { contestOf } from '../wrk.ts';

const PATH = '/api/products?limit=20';
const CONNECTIONS = 50;

/** What Nginx has, against what it can do: as many bytes from a file. */
export const throughNginx: Row = {
  name: 'catalogue read through Nginx, cached',
  against: 'Nginx, a file of the same bytes',
  unit: 'requests/s',
  must: 0.85,
  aim: 0.95,
  async prepare({ baseUrl, seconds, directory }) {
    const { base, stop } = await serveFiles(directory, { '/api/products': await new Shop(baseUrl).text(PATH) });
    const load = { paths: [PATH], connections: CONNECTIONS, seconds };
    return { ...contestOf(load, { ours: baseUrl, reference: base }, directory), end: stop };
  },
};

/** What the gateway has, with everything that guards it, against Fastify that only makes the JSON. */
export const atGateway: Row = {
  name: 'catalogue read at the gateway, hit',
  against: 'Fastify, the same 20 products',
  unit: 'requests/s',
  must: 1,
  aim: 1.5,
  async prepare({ gatewayUrl, seconds, directory }) {
    const env = { PAGE: await new Shop(gatewayUrl).text(PATH) };
    const { base, stop } = await serveBaseline('fastify-list', env, PATH);
    const load = { paths: [PATH], connections: CONNECTIONS, seconds };
    return { ...contestOf(load, { ours: gatewayUrl, reference: base }, directory), end: stop };
  },
};
