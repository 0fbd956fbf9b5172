import { copyCatalogue, DATABASE } from '../catalogue.ts';
import { serveBaseline } from '../program.ts';
import type { Bench, Row } from '../row.ts';
import { Shop } from '../shop.ts';
import { contestOf, wrk } from '../wrk.ts';
import { orders } from './writes.ts';

const SHOPPERS = 200;
const PAGES = 100;
const PAGE = 20;

const startMonolith = ({ mongoUrl }: Bench) =>
  serveBaseline('monolith', { MONGODB_URL: mongoUrl, DATABASE }, '/health');

const shared = { against: 'Express and mongoose', unit: 'requests/s' } as const;

export const listAgainstMonolith: Row = {
  ...shared,
  name: 'list of 20, random page of 100',
  must: 8,
  aim: 15,
  async prepare(bench) {
    const { baseUrl, seconds, directory } = bench;
    const { pages } = await copyCatalogue(bench, PAGES * PAGE);
    const { base, stop: end } = await startMonolith(bench);
    const theirs = pages.map((_, index) => `/api/products?limit=${PAGE}&page=${index + 1}`);
    const load = { connections: SHOPPERS, seconds };
    await new Shop(baseUrl).warmUp(pages);
    return {
      ours: () => wrk({ ...load, base: baseUrl, paths: pages }, directory),
      reference: () => wrk({ ...load, base, paths: theirs }, directory),
      end,
    };
  },
};

export const productAgainstMonolith: Row = {
  ...shared,
  name: 'product by id, random of 2,000',
  must: 1.2,
  aim: 1.5,
  async prepare(bench) {
    const { baseUrl, seconds, directory } = bench;
    const { products } = await copyCatalogue(bench, PAGES * PAGE);
    const { base, stop: end } = await startMonolith(bench);
    const paths = products.map(({ id }) => `/api/products/${id}`);
    await new Shop(baseUrl).warmUp(paths);
    const load = { paths, connections: SHOPPERS, seconds };
    return { ...contestOf(load, { ours: baseUrl, reference: base }, directory), end };
  },
};

export const orderAgainstMonolith: Row = {
  name: 'order of one item, 50 buyers',
  against: 'Express and mongoose, unsafe',
  unit: 'orders/s',
  must: 0.7,
  aim: 1,
  async prepare(bench) {
    const { products } = await copyCatalogue(bench, PAGES * PAGE);
    const load = await orders(bench);
    const { base, stop: end } = await startMonolith(bench);
    const bodies = products.map(({ id }) => JSON.stringify({ items: [{ productId: id, quantity: 1 }] }));
    const theirs = { ...load, base, bodies, headers: { 'X-User': 'bench' } };
    return { ours: () => wrk(load, bench.directory), reference: () => wrk(theirs, bench.directory), end };
  },
};
