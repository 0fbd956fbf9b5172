import { allEndpoints } from '@souk/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Shop } from './shop.ts';

// Nginx with its cache stands in for a CDN: it keeps what Cache-Control lets it keep, apart by what Vary names.
const ORIGIN = 'https://shop.example';
const CATALOGUE = ['/api/products', '/api/products/:id', '/api/categories'];
let shop: Shop;
let id: string;
let customer: Record<string, string>;
beforeAll(async () => {
  shop = await Shop.start({ env: { CORS_ORIGINS: ORIGIN } });
  id = await shop.product(5);
  customer = await shop.customer();
});
afterAll(() => shop[Symbol.asyncDispose]());

const get = (path: string, headers?: Record<string, string>) => shop.call(path.replace(':id', id), undefined, headers);
const said = async (path: string, headers?: Record<string, string>) => (await get(path, headers)).headers;
const mayKeep = (headers: Headers) => /\bpublic\b/.test(headers.get('cache-control') ?? '');
const reads = allEndpoints.filter(({ method }) => method === 'GET').map(({ path }) => path);

describe('a CDN', () => {
  it.each(CATALOGUE)('may keep %s, for a second', async (path) => {
    const headers = await said(path);
    expect(headers.get('cache-control')).toBe('public, max-age=1, stale-while-revalidate=1');
    expect(headers.get('etag')).toMatch(/^"/);
    expect(headers.get('set-cookie')).toBeNull();
    expect(headers.get('ratelimit')).toBeNull();
  });

  it('may keep no other answer: who asks for it first would answer for all', async () => {
    for (const path of [
      ...reads.filter((each) => !CATALOGUE.includes(each)),
      '/openapi.json',
      '/docs',
      '/docs/assets/swagger-ui.css',
      '/nowhere',
      '/api/products/none',
    ]) {
      for (const headers of [{}, customer]) expect([path, mayKeep(await said(path, headers))]).toEqual([path, false]);
    }
  });

  it('may keep no write', async () => {
    const order = await shop.call('/api/orders', { items: [{ productId: id, quantity: 1 }] }, customer);
    expect([order.status, order.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const login = await shop.call('/api/auth/login', { email: 'a@b.cd', password: 'wrong12' });
    expect([login.status, login.headers.get('cache-control')]).toEqual([401, 'no-store']);
  });

  it('keeps what browsers of other sites may read apart from what is read without one', async () => {
    const path = `/api/products/${id}`;
    const plain = await said(path);
    const [first, second] = [await said(path, { origin: ORIGIN }), await said(path, { origin: ORIGIN })];
    const stranger = await said(path, { origin: 'https://elsewhere.example' });
    for (const headers of [plain, first, second, stranger]) expect(headers.get('vary')).toMatch(/\bOrigin\b/i);
    for (const headers of [first, second]) expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
    for (const headers of [plain, stranger]) expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('asks again with the ETag, and is told that nothing has changed', async () => {
    const path = `/api/products/${id}`;
    const { headers } = await get(path, customer);
    const again = await get(path, { ...customer, 'if-none-match': headers.get('etag') ?? '' });
    expect([again.status, again.body]).toEqual([304, '']);
  });
});
