import { beforeAll, describe, expect, it, vi } from 'vitest';
import { admin, call, customer, get, post, product, stack } from './shop.ts';

describe('the documented calls', () => {
  it('register answers 201 with the user and tokens, login 200 with the same', async () => {
    const email = `first-${Date.now()}@test.com`;
    const registered = await post('/api/auth/register', { email, password: 'pass123', name: 'Test User' });
    expect(registered.status).toBe(201);
    expect(registered.body).toEqual({
      user: { id: expect.stringMatching(/^[0-9a-f]{24}$/), email, name: 'Test User', role: 'customer' },
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresIn: expect.any(Number),
    });
    const loggedIn = await post('/api/auth/login', { email: ` ${email.toUpperCase()} `, password: 'pass123' });
    expect(loggedIn.status).toBe(200);
    expect(loggedIn.body.user).toEqual(registered.body.user);
  });

  it('refuses a second account with the same e-mail', async () => {
    const { email } = await customer();
    const again = await post('/api/auth/register', { email, password: 'pass123', name: 'Other' });
    expect(again.status).toBe(409);
    expect(again.body.code).toBe('EMAIL_TAKEN');
  });

  it('gives new tokens for a refresh token', async () => {
    const email = `refresh-${Date.now()}@test.com`;
    const { body } = await post('/api/auth/register', { email, password: 'pass123', name: 'R' });
    const refreshed = await post('/api/auth/refresh', { refreshToken: body.refreshToken });
    expect(refreshed.status).toBe(200);
    expect(refreshed.body.refreshToken).not.toBe(body.refreshToken);
    expect((await get('/api/auth/profile', { token: refreshed.body.accessToken })).status).toBe(200);
  });

  it('profile answers the account of the token', async () => {
    const { id, email, token } = await customer();
    const { status, body, headers } = await get('/api/auth/profile', { token });
    expect(status).toBe(200);
    expect(body).toEqual({ id, email, name: 'Test User', role: 'customer' });
    expect(headers.get('ratelimit')).toMatch(/^"general";r=\d+;t=\d+$/);
  });

  it('an admin adds a product; an order takes its price and stock', async () => {
    const adminToken = await admin();
    const widget = { name: 'Widget', price: 29.99, category: 'Electronics', stock: 100 };
    const created = await post('/api/products', widget, { token: adminToken });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ ...widget, currency: 'USD' });
    const { id: productId } = created.body;
    const { id: userId, token } = await customer();
    const order = await post('/api/orders', { userId, items: [{ productId, quantity: 2 }] }, { token });
    expect(order.status).toBe(201);
    expect(order.body).toMatchObject({
      status: 'confirmed',
      currency: 'USD',
      total: 59.98,
      items: [{ productId, name: 'Widget', price: 29.99, quantity: 2 }],
    });
    await vi.waitFor(async () => expect((await get(`/api/products/${productId}`)).body.stock).toBe(98), 4_000);
    const list = await get('/api/orders', { token });
    expect(list.body).toEqual({ items: [order.body], nextCursor: null });
    expect((await get(`/api/orders/${order.body.id}`, { token })).body).toEqual(order.body);
  });

  it('the catalogue is seeded, and can be listed, filtered, sorted and searched', async () => {
    const first = await get('/api/products');
    expect(first.status).toBe(200);
    expect(first.body.items).toHaveLength(20);
    const cheap = await get('/api/products?category=Electronics&maxPrice=50&inStock=true&sort=price&limit=100');
    const prices: number[] = cheap.body.items.map((item: { price: number }) => item.price);
    expect(prices.length).toBeGreaterThan(0);
    expect(prices).toEqual(prices.toSorted((a, b) => a - b));
    expect(Math.max(...prices)).toBeLessThanOrEqual(50);
    const [{ name }] = first.body.items;
    const found = await get(`/api/products?q=${encodeURIComponent(name)}`);
    expect(found.body.items.map((item: { name: string }) => item.name)).toContain(name);
    const { body: categories } = await get('/api/categories');
    expect(categories.items.length).toBeGreaterThanOrEqual(12);
  });

  it('pages through all of the catalogue, without a gap or a repetition', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await get(`/api/products?sort=name&limit=100${cursor && `&cursor=${cursor}`}`);
      expect(page.status).toBe(200);
      seen.push(...page.body.items.map((item: { id: string }) => item.id));
      cursor = page.body.nextCursor;
    }
    expect(seen.length).toBeGreaterThanOrEqual(2_000);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('health, the OpenAPI document and the reference page answer', async () => {
    expect((await get('/health')).body).toMatchObject({ status: 'ok', degraded: [] });
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/health/ready')).status).toBe(200);
    expect((await get('/openapi.json')).body.openapi).toBe('3.1.0');
    const docs = await get('/docs');
    expect(docs.text).toContain('/docs/assets/swagger-ui-bundle.js');
    expect((await get('/docs/assets/swagger-ui-bundle.js')).status).toBe(200);
  });

  it('metrics are not public', async () => {
    expect((await get('/metrics')).status).toBe(404);
    expect((await get('/metrics', { base: stack.GATEWAY_URL })).status).toBe(404);
  });
});

describe('an admin’s changes', () => {
  let token: string;
  beforeAll(async () => {
    token = await admin();
  });

  it('are seen through the gateway at once', async () => {
    const { id } = await product(token);
    const base = stack.GATEWAY_URL;
    expect((await get(`/api/products/${id}`, { base })).body.price).toBe(29.99);
    const changed = await call('PATCH', `/api/products/${id}`, { token, body: { price: 19.5 } });
    expect(changed.body).toMatchObject({ id, price: 19.5 });
    await vi.waitFor(async () => expect((await get(`/api/products/${id}`, { base })).body.price).toBe(19.5), {
      timeout: 1_000,
      interval: 5,
    });
  });

  it('change stock by a difference, never below nothing', async () => {
    const { id } = await product(token, { stock: 3 });
    expect((await call('PATCH', `/api/products/${id}`, { token, body: { stockDelta: -2 } })).body.stock).toBe(1);
    const refused = await call('PATCH', `/api/products/${id}`, { token, body: { stockDelta: -2 } });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: 'OUT_OF_STOCK', available: 1 });
  });

  it('set stock outright only against the product that was read', async () => {
    const { id } = await product(token);
    const url = `/api/products/${id}`;
    expect((await call('PATCH', url, { token, body: { stock: 5 } })).status).toBe(428);
    const etag = (await get(url)).headers.get('etag') ?? '';
    const headers = { 'if-match': etag };
    expect((await call('PATCH', url, { token, body: { stock: 5 }, headers })).body.stock).toBe(5);
    expect((await call('PATCH', url, { token, body: { stock: 7 }, headers })).status).toBe(412);
  });

  it('archive a product: it is gone from the catalogue and cannot be ordered', async () => {
    const { id } = await product(token);
    expect((await call('DELETE', `/api/products/${id}`, { token })).status).toBe(204);
    await vi.waitFor(async () => expect((await get(`/api/products/${id}`)).status).toBe(404), 4_000);
    const { token: buyer } = await customer();
    const order = await post('/api/orders', { items: [{ productId: id, quantity: 1 }] }, { token: buyer });
    expect(order.status).toBe(404);
    expect(order.body).toMatchObject({ code: 'PRODUCT_NOT_FOUND', productId: id });
  });
});

describe('cached reads', () => {
  it('carry a strong ETag and answer 304 to whoever has the page', async () => {
    const base = stack.GATEWAY_URL;
    const { headers } = await get('/api/products?limit=3', { base });
    const etag = headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    expect(headers.get('ratelimit')).toBeNull();
    const again = await get('/api/products?limit=3', { base, headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect(again.text).toBe('');
    expect(again.headers.get('cache-status')).toMatch(/hit/);
  });

  it('look the same, filled or kept', async () => {
    const base = stack.GATEWAY_URL;
    const names = ({ headers }: { headers: Headers }) => [...headers.keys()].toSorted();
    const filled = await get('/api/products?limit=5&sort=name', { base });
    const kept = await get('/api/products?limit=5&sort=name', { base });
    expect(filled.headers.get('cache-status')).toMatch(/fwd=miss/);
    expect(kept.headers.get('cache-status')).toMatch(/hit/);
    expect(kept.text).toBe(filled.text);
    expect(names(kept)).toEqual(names(filled));
    expect(kept.headers.get('x-request-id')).not.toBe(filled.headers.get('x-request-id'));
  });

  it('share one entry between queries that mean the same', async () => {
    const base = stack.GATEWAY_URL;
    await get('/api/products?limit=7&sort=price', { base });
    const { headers } = await get('/api/products?sort=price&limit=7', { base });
    expect(headers.get('cache-status')).toMatch(/hit/);
  });
});

describe('request ids', () => {
  it('are kept where they are safe, and drawn where they are not', async () => {
    const kept = await get('/health', { headers: { 'x-request-id': 'my-request-0001' } });
    expect(kept.headers.get('x-request-id')).toBe('my-request-0001');
    const drawn = await get('/health', { headers: { 'x-request-id': '"><script>' } });
    expect(drawn.headers.get('x-request-id')).toMatch(/^[\w-]{8,64}$/);
    const failed = await get('/api/nothing', { headers: { 'x-request-id': 'my-request-0002' } });
    expect(failed.body.requestId).toBe('my-request-0002');
  });
});
