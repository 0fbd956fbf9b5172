import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSoukClient } from './client.ts';

interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

const ORDER = { items: [{ productId: '5f9b3b3b3b3b3b3b3b3b3b3b', quantity: 1 }] };
const AWAY: Reply = { status: 503, headers: { 'retry-after': '0' }, body: { code: 'SERVICE_UNAVAILABLE' } };

let server: Server;
let baseUrl: string;
/** What is answered, in this order; `hang up` answers nothing. */
let replies: (Reply | 'hang up')[];
let asked: Pick<IncomingMessage, 'method' | 'url' | 'headers'>[];

beforeEach(async () => {
  [replies, asked] = [[], []];
  server = createServer((request, response) => {
    asked.push(request);
    const reply = replies.shift();
    if (reply === undefined || reply === 'hang up') return void request.socket.destroy();
    const { status, headers, body = {} } = reply;
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it('puts parameters where the document has them, and the token of now on each request', async () => {
  let token: string | undefined;
  const client = createSoukClient({ baseUrl, accessToken: () => token });
  replies = [
    { status: 200, body: { items: [], nextCursor: null } },
    { status: 200, body: { id: 'p' } },
  ];
  const { data } = await client.GET('/api/products', { params: { query: { limit: 5, q: 'blue mug' } } });
  token = 'abc';
  await client.GET('/api/products/{id}', { params: { path: { id: 'a/b' } } });
  expect(data).toEqual({ items: [], nextCursor: null });
  expect(asked.map(({ url }) => url)).toEqual(['/api/products?limit=5&q=blue%20mug', '/api/products/a%2Fb']);
  expect(asked.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer abc']);
});

it('answers a refusal as the problem document it is', async () => {
  replies = [{ status: 404, body: { code: 'PRODUCT_NOT_FOUND' } }];
  const { data, error, response } = await createSoukClient({ baseUrl }).GET('/api/products/{id}', {
    params: { path: { id: '1' } },
  });
  expect([data, error?.code, response.status]).toEqual([undefined, 'PRODUCT_NOT_FOUND', 404]);
});

it('asks a read again that nobody answered, or that was not settled, twice at most', async () => {
  const client = createSoukClient({ baseUrl });
  replies = ['hang up', AWAY, { status: 200, body: [] }];
  expect((await client.GET('/api/categories')).response.status).toBe(200);
  replies = [AWAY, AWAY, AWAY, { status: 200, body: [] }];
  expect((await client.GET('/api/categories')).error?.code).toBe('SERVICE_UNAVAILABLE');
  expect(asked).toHaveLength(6);
});

it('sends an order again by the same key, and another order by another', async () => {
  const client = createSoukClient({ baseUrl });
  replies = ['hang up', { status: 201 }, { status: 201 }];
  await client.POST('/api/orders', { body: ORDER });
  await client.POST('/api/orders', { body: ORDER });
  const [first, again, other] = asked.map(({ headers }) => headers['idempotency-key']);
  expect(first).toMatch(/^[\da-f-]{36}$/);
  expect([again, other === first]).toEqual([first, false]);
});

it('keeps the key that it is given', async () => {
  replies = [{ status: 201 }];
  const params = { header: { 'idempotency-key': 'order-of-a-cart' } };
  await createSoukClient({ baseUrl }).POST('/api/orders', { body: ORDER, params });
  expect(asked[0]?.headers['idempotency-key']).toBe('order-of-a-cart');
});

it('never repeats what might be done twice', async () => {
  const client = createSoukClient({ baseUrl });
  replies = [AWAY];
  expect((await client.POST('/api/auth/logout')).response.status).toBe(503);
  await expect(client.POST('/api/auth/logout')).rejects.toThrow('fetch failed');
  expect(asked).toHaveLength(2);
});
