import { join } from 'node:path';
import { freePort, resolveService, services, soukDirectory } from '@souk/stack';
import { copyCatalogue, DATABASE } from '../catalogue.ts';
import { type Program, serveBaseline, startBaseline, startProgram } from '../program.ts';
import type { Row } from '../row.ts';
import { contestOf } from '../wrk.ts';

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
    const { gatewayUrl, mongoUrl, seconds, directory } = bench;
    const { products } = await copyCatalogue(bench, PRODUCTS);
    const paths = products.map(({ id }) => `/api/products/${id}`);
    const natsPort = await freePort();
    const env = { NATS_URL: `127.0.0.1:${natsPort}`, MONGODB_URL: mongoUrl, DATABASE };
    const nats = await startNats(natsPort, directory);
    const finder = await startBaseline('nats-find', env);
    const fastify = await serveBaseline('fastify-nats', env, paths[0] ?? '');
    const load = { paths, connections: CONNECTIONS, seconds };
    const end = async () => void (await Promise.all([finder.stop(), fastify.stop(), nats.stop()]));
    return { ...contestOf(load, { ours: gatewayUrl, reference: fastify.base }, directory), end };
  },
};

const say = (line: string): void => console.error(`bench: ${line}`);

/** A server of its own: on that of the shop nobody may say anything but its contracts. */
async function startNats(port: number, directory: string): Promise<Program> {
  const found = await resolveService(services.nats, { env: { PATH: process.env['PATH'] }, souk: soukDirectory, say });
  if (found.kind === 'given') throw new Error('There is no NATS server to start.');
  const { command, args } = found.program;
  return startProgram(command, [...args, '-a', '127.0.0.1', '-p', String(port), '-l', join(directory, 'nats.log')], {});
}
