import { Controller, Get, Injectable, Module, NotFoundException, Post, Req } from '@nestjs/common';
import { APP_INTERCEPTOR, NestFactory, Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Cached, type CacheableRequest } from './cached.decorator.ts';
import { HttpCacheInterceptor } from './http-cache.interceptor.ts';
import { TieredCache } from './tiered-cache.ts';

interface Product {
  id: string;
  name: string;
}

interface Request extends CacheableRequest {
  url: string;
}

class Refused extends Error {}

@Injectable()
class Products {
  readonly find = vi.fn<(id: string) => Promise<Product>>();
}

const key = (request: Request) => (request.url.includes('bad') ? undefined : request.url);
const tags = ({ id }: Product) => [`product:${id}`];

@Controller()
class ProductController {
  constructor(private readonly products: Products) {}

  @Get('products/:id')
  @Cached({ key, tags })
  product(): Promise<Product> {
    return this.products.find('1');
  }

  @Get('profile')
  @Cached({ key, tags, private: true })
  profile(): Promise<Product> {
    return this.products.find('me');
  }

  @Get('plain')
  plain(): { plain: boolean } {
    return { plain: true };
  }

  @Post('products')
  create(@Req() { url }: Request): { url: string } {
    return { url };
  }
}

const serveStaleOn = (error: unknown) => !(error instanceof NotFoundException);
const admit = vi.fn<(request: Request) => Promise<void>>();
const widget = { id: '1', name: 'Widget' };
let app: NestFastifyApplication;
let cache: TieredCache;
let products: Products;

beforeEach(async () => {
  cache = TieredCache.create({ prefix: 'spec', ttlMs: 60_000, graceMs: 60_000, serveStaleOn });
  const interceptor = {
    provide: APP_INTERCEPTOR,
    inject: [Reflector],
    useFactory: (reflector: Reflector) => new HttpCacheInterceptor(cache, reflector, admit),
  };
  @Module({ controllers: [ProductController], providers: [Products, interceptor] })
  class ShopModule {}
  app = await NestFactory.create<NestFastifyApplication>(ShopModule, new FastifyAdapter(), { logger: false });
  await app.init();
  products = app.get(Products);
  products.find.mockResolvedValue(widget);
  admit.mockReset().mockResolvedValue();
});

afterEach(() => app.close());

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers });

test('the first answer is filled and stored, the next one a hit with the same body and etag', async () => {
  const [miss, hit] = [await get('/products/1'), await get('/products/1')];
  expect(miss.headers).toMatchObject({
    'cache-status': 'souk; fwd=miss; stored',
    'cache-control': 'public, max-age=1, stale-while-revalidate=1',
    'content-type': 'application/json; charset=utf-8',
    age: '0',
  });
  expect(hit.headers).toMatchObject({ ...miss.headers, 'cache-status': 'souk; hit', date: expect.any(String) });
  expect(hit.body).toBe(miss.body);
  expect(hit.json()).toEqual(widget);
  expect(hit.statusCode).toBe(200);
  expect(products.find).toHaveBeenCalledOnce();
});

test('the etag is a function of the body alone', async () => {
  const first = await get('/products/1');
  await cache.invalidate(['product:1']);
  const same = await get('/products/1');
  await cache.invalidate(['product:1']);
  products.find.mockResolvedValue({ ...widget, name: 'Gadget' });
  const changed = await get('/products/1');
  expect(same.headers['cache-status']).toBe('souk; fwd=miss; stored');
  expect(same.headers.etag).toBe(first.headers.etag);
  expect(changed.headers.etag).not.toBe(first.headers.etag);
});

test('Age is in whole seconds since the value was stored', async () => {
  await get('/products/1');
  const now = Date.now();
  vi.spyOn(Date, 'now').mockReturnValue(now + 3_400);
  expect((await get('/products/1')).headers.age).toBe('3');
  vi.restoreAllMocks();
});

test('If-None-Match with the etag, alone, weak, in a list, or as a star, is answered 304 without a body', async () => {
  const etag = String((await get('/products/1')).headers.etag);
  for (const value of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
    const reply = await get('/products/1', { 'if-none-match': value });
    expect(reply.statusCode).toBe(304);
    expect(reply.body).toBe('');
    expect(reply.headers).toMatchObject({ etag, age: '0', 'cache-status': 'souk; hit' });
    expect(reply.headers['content-type']).toBeUndefined();
  }
  expect((await get('/products/1', { 'if-none-match': '"x", W/"y"' })).statusCode).toBe(200);
});

test('HEAD has the headers of GET and no body', async () => {
  const { headers, body } = await get('/products/1');
  const head = await app.inject({ method: 'HEAD', url: '/products/1' });
  expect(head.body).toBe('');
  expect(head.statusCode).toBe(200);
  expect(head.headers).toMatchObject({ etag: headers.etag, 'cache-status': 'souk; hit' });
  expect(head.headers['content-length']).toBe(String(Buffer.byteLength(body)));
});

test('only what is forwarded is admitted: not a hit, not a 304', async () => {
  const { headers } = await get('/products/1');
  await get('/products/1');
  await get('/products/1', { 'if-none-match': String(headers.etag) });
  expect(admit).toHaveBeenCalledOnce();
});

test('the refusal of one client does not fail the others that wait for the same fill', async () => {
  const slow = Promise.withResolvers<Product>();
  products.find.mockReturnValue(slow.promise);
  admit.mockImplementation(({ headers }) =>
    headers['x-client'] === 'b' ? Promise.reject(new Refused()) : Promise.resolve(),
  );
  const replies = ['a', 'b', 'c'].map((client) => get('/products/1', { 'x-client': client }));
  await vi.waitFor(() => expect(admit).toHaveBeenCalledTimes(3));
  slow.resolve(widget);
  expect((await Promise.all(replies)).map(({ statusCode }) => statusCode)).toEqual([200, 500, 200]);
  expect(products.find).toHaveBeenCalledOnce();
});

test('a client that is refused still gets what the cache holds', async () => {
  await get('/products/1');
  admit.mockRejectedValue(new Refused());
  expect((await get('/products/1')).statusCode).toBe(200);
  expect((await get('/products/2')).statusCode).toBe(500);
});

test('when the owner is down the kept value is answered, marked stale', async () => {
  await get('/products/1');
  await cache.invalidate(['product:1']);
  products.find.mockRejectedValue(new Error('down'));
  const reply = await get('/products/1');
  expect(reply.statusCode).toBe(200);
  expect(reply.headers['cache-status']).toBe('souk; fwd=stale');
  expect(reply.json()).toEqual(widget);
});

test('an error of the handler is answered as it is, without headers of the cache', async () => {
  products.find.mockRejectedValue(new NotFoundException());
  const reply = await get('/products/1');
  expect(reply.statusCode).toBe(404);
  expect(reply.headers['cache-status']).toBeUndefined();
  expect(reply.headers.etag).toBeUndefined();
});

test('a fill that was overtaken is not said to be stored', async () => {
  const slow = Promise.withResolvers<Product>();
  products.find.mockReturnValue(slow.promise);
  const reply = get('/products/1').then(({ headers }) => headers['cache-status']);
  await vi.waitFor(() => expect(products.find).toHaveBeenCalledOnce());
  await cache.invalidate(['product:1']);
  slow.resolve(widget);
  expect(await reply).toBe('souk; fwd=miss');
});

test('a private answer is kept from shared caches', async () => {
  const { headers } = await get('/profile');
  expect(headers).toMatchObject({ 'cache-control': 'private, no-cache', vary: 'Authorization' });
});

test('a request without a key is admitted and answered without the cache', async () => {
  await get('/products/bad');
  const reply = await get('/products/bad');
  expect(reply.json()).toEqual(widget);
  expect(reply.headers['cache-status']).toBeUndefined();
  expect(admit).toHaveBeenCalledTimes(2);
  expect(products.find).toHaveBeenCalledTimes(2);
});

test('a route whose method returns something else than its tags take does not compile', () => {
  class Wrong {
    // @ts-expect-error a string is not a product
    @Cached({ key, tags })
    name(): string {
      return 'Widget';
    }
  }
  expect(Wrong).toBeDefined();
});

test('routes that are not cached pass untouched', async () => {
  const reply = await get('/plain');
  expect(reply.json()).toEqual({ plain: true });
  expect(reply.headers['cache-status']).toBeUndefined();
  expect((await app.inject({ method: 'POST', url: '/products' })).statusCode).toBe(201);
  expect(admit).not.toHaveBeenCalled();
});
