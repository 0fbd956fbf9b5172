import type { NewProduct } from '@souk/contracts';
import { createHash } from 'node:crypto';
import { household } from './demo-catalogue-household.ts';
import { personal } from './demo-catalogue-personal.ts';
import { type CategoryWords, closings, series } from './demo-catalogue-words.ts';

/** A product as `product.import` takes it; `price` is in minor units. */
export type DemoProduct = NewProduct & { id: string };

const PRODUCTS = 2_000;
const CATEGORIES = [...household, ...personal] as const;
const SEED = 20_261_124;

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
type Random = () => number;

/** The same 2,000 products at every call; no two share an id or a name. */
export function demoCatalogue(): DemoProduct[] {
  const random = mulberry32(SEED);
  const byName = new Map<string, DemoProduct>();
  while (byName.size < PRODUCTS) {
    const product = drawProduct(byName.size, random);
    if (!byName.has(product.name)) byName.set(product.name, product);
  }
  return [...byName.values()];
}

function drawProduct(index: number, random: Random): DemoProduct {
  const words = pick(CATEGORIES, random);
  const brand = pick(words.brands, random);
  const [kind, cheapest, dearest] = pick(words.kinds, random);
  return {
    id: createHash('sha256').update(`souk demo product ${index}`).digest('hex').slice(0, 24),
    name: `${brand} ${pick(series, random)} ${kind}, ${pick(words.variants, random)}`,
    description: describe(kind, words, random),
    category: words.category,
    brand,
    price: drawPrice(cheapest, dearest, random),
    stock: drawStock(random),
  };
}

const describe = (kind: string, { openings, details }: CategoryWords, random: Random): string =>
  `${pick(openings, random)} ${kind}. ${pick(details, random)} ${pick(closings, random)}`;

// Shops have many cheap things and few dear ones: the logarithm is what is spread evenly. Takes and gives whole units and
// cents, ending as shops end them.
function drawPrice(cheapest: number, dearest: number, random: Random): number {
  const units = Math.floor(cheapest * (dearest / cheapest) ** random());
  return units * 100 + (units < 10 ? pick([29, 49, 79, 99], random) : pick([0, 50, 90, 95, 99, 99], random));
}

/** One product in 25 is sold out, two in 25 are nearly so. */
function drawStock(random: Random): number {
  const share = random();
  if (share < 0.04) return 0;
  return share < 0.12 ? between(1, 5, random) : between(20, 500, random);
}

const between = (least: number, most: number, random: Random): number =>
  least + Math.floor(random() * (most - least + 1));

function pick<T>(from: readonly [T, ...T[]], random: Random): T {
  return from[Math.floor(random() * from.length)] ?? from[0];
}

function mulberry32(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
