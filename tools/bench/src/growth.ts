import { createHash } from 'node:crypto';
import { demoCatalogue } from '@souk/stack';
import type { Bench } from './row.ts';
import { Shop } from './shop.ts';
import { wrk } from './wrk.ts';

const SIZES = [1_000, 10_000, 100_000];
/** Of the rate at the smallest size, at the largest. */
const MUST = 0.5;
const CONNECTIONS = 16;
const PATHS = 200;
/** Products in one import, which may have 16 MB. */
const BATCH = 5_000;

/** Requests a second of one kind, at each size of the catalogue. */
export interface Growth {
  what: string;
  rates: number[];
}

export const isKept = ({ rates }: Growth): boolean => (rates.at(-1) ?? 0) >= MUST * (rates[0] ?? Number.NaN);

/** How many reads a second there are as an empty catalogue grows. No cache is asked. */
export async function measureGrowth(bench: Bench, say: (line: string) => void): Promise<Growth[]> {
  const shop = new Shop(bench.gatewayUrl);
  const admin = await shop.logIn(bench.adminCredentials);
  const rates = new Map<string, number[]>();
  let there = 0;
  for (const size of SIZES) {
    for (; there < size; there += BATCH) {
      await shop.importAll(
        Array.from({ length: Math.min(BATCH, size - there) }, (_, n) => product(there + n)),
        admin,
      );
    }
    there = size;
    for (const [what, paths] of Object.entries(await pathsAt(size, shop))) {
      const load = { base: bench.gatewayUrl, paths, connections: CONNECTIONS, seconds: bench.seconds };
      const rate = await wrk(load, bench.directory);
      say(`${size.toLocaleString('en')} products: ${what}: ${Math.round(rate)} requests/s`);
      rates.set(what, [...(rates.get(what) ?? []), rate]);
    }
  }
  return [...rates].map(([what, rates]) => ({ what, rates }));
}

const demo = demoCatalogue();

// The words of the demo catalogue, and a number that is one product's alone.
function product(index: number) {
  const { name, price, ...rest } = modelOf(index);
  return { ...rest, id: idOf(index), name: `${name} No. ${index}`, price: price / 100 };
}

function modelOf(index: number) {
  const model = demo[index % demo.length];
  if (!model) throw new RangeError(`There is no product ${index}.`);
  return model;
}

const idOf = (index: number): string => createHash('sha256').update(`growth ${index}`).digest('hex').slice(0, 24);

async function pathsAt(size: number, shop: Shop): Promise<Record<string, string[]>> {
  const some = Array.from({ length: PATHS }, () => Math.floor(Math.random() * size));
  return {
    'one product': some.map((index) => `/api/products/${idOf(index)}`),
    'a page of the list': (await shop.catalogue(1_000)).pages,
    'a page of a category': some.map((index) => pageOf(modelOf(index).category)),
    'search, one found': some.map((index) => search(`${index} ${modelOf(index).brand}`)),
    'search, a brand': some.map((index) => search(modelOf(index).brand ?? '')),
  };
}

const search = (words: string): string => `/api/products?limit=20&q=${encodeURIComponent(words)}`;
const pageOf = (category: string): string =>
  `/api/products?limit=20&sort=price&category=${encodeURIComponent(category)}`;

/** The rates for people. */
export function growthTable(growths: readonly Growth[], store: string): string {
  const width = Math.max(...growths.map(({ what }) => what.length)) + 4;
  const head = ''.padEnd(width) + SIZES.map(shown).join('') + '  products';
  const lines = growths.map((growth) => {
    const [first = Number.NaN] = growth.rates;
    const ratio = `${((growth.rates.at(-1) ?? 0) / first).toFixed(2)} ×`;
    return `${`${isKept(growth) ? '✓' : '✗'} ${growth.what}`.padEnd(width)}${growth.rates.map(shown).join('')}  ${ratio} (must ${MUST} ×)`;
  });
  return [head, ...lines, '', `  Requests/s with ${CONNECTIONS} connections, caches off. Store: ${store}.`].join('\n');
}

const shown = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 0 }).padStart(12);
