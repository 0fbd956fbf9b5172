import { type CacheRead, TieredCache } from '@souk/cache';
import Fastify, { type FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { catalogueCache } from './catalogue.cache.ts';
import { addEarlyAnswers } from './early-answers.ts';
import { hitPath } from './hit-path.ts';

const PATH = '/api/products?limit=7';
const tags = ['catalogue'];

let cache: TieredCache;
let fastify: FastifyInstance;
let base: string;
/** How often a request got past the hit path. */
const handled = vi.fn<() => void>();
/** What the owner of the catalogue says. */
let page: string;

beforeEach(async () => {
  page = JSON.stringify({ items: ['pâté'] });
  handled.mockReset();
  cache = TieredCache.create({ prefix: 'spec', ttlMs: 60_000, graceMs: 0, serveStaleOn: () => false });
  fastify = Fastify();
  addEarlyAnswers(fastify.server, [hitPath(cache)], true);
  fastify.get('/api/products', (request) => {
    handled();
    return cache.read(catalogueCache.list.key(request), {}, async () => ({ body: page, tags })).then(bodyOf);
  });
  base = await fastify.listen();
});

afterEach(async () => {
  await fastify.close();
  await cache.close();
});

const bodyOf = ({ entry }: CacheRead) => entry.body;

async function get(url = PATH, headers: Record<string, string> = {}, method = 'GET') {
  const reply = await fetch(base + url, { method, headers });
  return { status: reply.status, body: await reply.text(), headers: Object.fromEntries(reply.headers) };
}

/** `fetch` sends no body with a GET. */
async function getWithBody(): Promise<void> {
  const headers = { 'content-type': 'application/json', 'content-length': 2 };
  const [reply] = await once(request(base + PATH, { headers }).end('{}'), 'response');
  await once(reply.resume(), 'end');
}

it('answers what was asked before, and only that', async () => {
  const first = await get();
  const again = await get();
  expect(again.status).toBe(200);
  expect(again.body).toBe(first.body);
  expect(again.headers).toMatchObject({
    'cache-status': 'souk; hit',
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(page)),
    etag: expect.stringMatching(/^"[\w-]+"$/),
    age: '0',
  });
  expect(handled).toHaveBeenCalledOnce();
  await get('/api/products?limit=8');
  expect(handled).toHaveBeenCalledTimes(2);
});

it('answers 304 without a body to whoever has the page', async () => {
  await get();
  const { etag = '' } = (await get()).headers;
  const reply = await get(PATH, { 'if-none-match': etag });
  expect([reply.status, reply.body, reply.headers['content-type']]).toEqual([304, '', undefined]);
  expect(handled).toHaveBeenCalledOnce();
});

it('knows nothing any more of what was invalidated', async () => {
  await get();
  page = JSON.stringify({ items: [] });
  await cache.invalidate(tags);
  expect((await get()).body).toBe(page);
  expect((await get()).body).toBe(page);
  expect(handled).toHaveBeenCalledTimes(2);
});

it('leaves everything but a plain GET to the way of all requests', async () => {
  await get();
  await get(PATH, {}, 'HEAD');
  await getWithBody();
  expect(handled).toHaveBeenCalledTimes(3);
});

it('does not remember a URL that is refused, nor one that is very long', async () => {
  const long = `${PATH}&q=${'a'.repeat(600)}`;
  for (const url of ['/api/products?limit=0', long]) {
    const before = handled.mock.calls.length;
    await get(url);
    await get(url);
    expect(handled.mock.calls.length - before).toBe(2);
  }
});

it('leaves to CORS whoever names an origin, and lets no cache give him what another one was answered', async () => {
  await get();
  expect((await get()).headers['vary']).toBe('Origin');
  await get(PATH, { origin: 'https://shop.test' });
  expect(handled).toHaveBeenCalledTimes(2);
});
