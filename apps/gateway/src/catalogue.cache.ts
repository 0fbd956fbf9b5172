import { CATALOGUE_TAG, type Endpoint, productEndpoints, productTag, type ProductView } from '@souk/contracts';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { validatedInput } from './validated-input.ts';

/** Characters; longer URLs are not remembered. */
const LONGEST_URL = 512;
/** What a URL asks for, and by which key the cache knows it. */
interface Known {
  endpoint: Endpoint;
  key: string;
}

const knownByUrl = new LRUCache<string, Known>({ max: 10_000 });

/** Of a URL that was asked for before and found valid. */
export const remembered = (url: string): Known | undefined => knownByUrl.get(url);

const keyOf = (endpoint: Endpoint) => (request: FastifyRequest) => {
  const known = remembered(request.url);
  if (known) return known.key;
  const key = keyFor(request, endpoint);
  if (request.url.length <= LONGEST_URL) knownByUrl.set(request.url, { endpoint, key });
  return key;
};

// The validated query, its fields in a fixed order: what the answer depends on, and nothing else.
function keyFor(request: FastifyRequest, endpoint: Endpoint): string {
  const { params, query } = validatedInput(request, endpoint);
  return `${endpoint.path}?${JSON.stringify(sorted({ ...toRecord(params), ...toRecord(query) }))}`;
}

const toRecord = (value: unknown): Record<string, unknown> => Object.assign({}, value);
const sorted = (record: Record<string, unknown>) =>
  Object.entries(record)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

/** How catalogue reads are cached, and what makes them untrue: a product that is shown, or the set of products. */
export const catalogueCache = {
  list: {
    key: keyOf(productEndpoints.list),
    tags: ({ items }: { items: ProductView[] }) => [CATALOGUE_TAG, ...items.map(({ id }) => productTag(id))],
    // There is no end of search texts, and Redis is for what many ask.
    tiers: (request: FastifyRequest) =>
      validatedInput(request, productEndpoints.list).query.q === undefined ? 'both' : 'local',
  },
  get: { key: keyOf(productEndpoints.get), tags: ({ id }: ProductView) => [productTag(id)] },
  categories: { key: keyOf(productEndpoints.categories), tags: () => [CATALOGUE_TAG] },
} as const;
