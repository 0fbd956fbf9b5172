import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, customer, get, post, product, admin, stack } from './shop.ts';

/** What an answer must not say: what it is made with, where it runs, and what went wrong inside. */
const INSIDE = /nginx|fastify|nest(?!ed)|express|node_modules|mongo|redis|nats|\.(ts|js):\d|ECONN|E11000|stack trace/i;

let token: string;
let orderId: string;
beforeAll(async () => {
  ({ token } = await customer());
  const { id } = await product(await admin());
  orderId = (await post('/api/orders', { items: [{ productId: id, quantity: 1 }] }, { token })).body.id;
});

const answers: [string, () => ReturnType<typeof call>][] = [
  ['200', () => get('/api/products?limit=1')],
  ['200 of an own page', () => get(`/api/orders/${orderId}`, { token })],
  ['400 of the gateway', () => get('/api/products?limit=x')],
  ['401', () => get('/api/auth/profile')],
  ['403', () => post('/api/products', {}, { token })],
  ['404 of no route', () => get('/nothing')],
  ['404 of no order', () => get(`/api/orders/${'0'.repeat(32)}`, { token })],
  ['405', () => call('PUT', '/api/products', { token })],
  ['413 of the proxy', () => call('POST', '/api/orders', { token, raw: ' '.repeat(100 * 1024) })],
  [
    '413 of the gateway',
    () => call('POST', '/api/orders', { token, raw: ' '.repeat(100 * 1024), base: stack.GATEWAY_URL }),
  ],
  ['415', () => call('POST', '/api/orders', { token, raw: 'x', headers: { 'content-type': 'text/plain' } })],
  ['a URL that is too long', () => get(`/api/products?q=${'x'.repeat(9_000)}`)],
  ['a header that is too long', () => get('/api/products', { headers: { 'x-long': 'x'.repeat(9_000) } })],
];

/** What the shop says first to these words. */
async function said(words: string): Promise<string> {
  const { hostname, port } = new URL(stack.SHOP_URL);
  const socket = connect(Number(port), hostname);
  socket.write(words);
  const [chunk] = await once(socket, 'data');
  socket.destroy();
  return String(chunk);
}

describe('an answer', () => {
  it.each(answers)('with %s says nothing of the inside, and carries the headers that protect', async (_, ask) => {
    const { headers, text: body } = await ask();
    expect([...headers].map((pair) => pair.join(': ')).join('\n')).not.toMatch(INSIDE);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(body).not.toMatch(INSIDE);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/);
    expect(headers.get('content-security-policy')).toMatch(/default-src '(self|none)'/);
    expect(headers.get('server')).toBe('souk');
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{8,64}$/);
  });

  it('to what is no HTTP says nothing of the inside', async () => {
    for (const words of ['NONSENSE\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', 'TRACE / HTTP/1.1\r\nHost: x\r\n\r\n']) {
      const answer = await said(words);
      expect(answer).not.toMatch(INSIDE);
      expect(answer).toMatch(/ 40\d /);
    }
  });

  it('tells other sites’ pages nothing', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    for (const answer of [await get('/api/products', { headers }), await call('OPTIONS', '/api/orders', { headers })]) {
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('keeps a request id of the caller only if it is safe to write down', async () => {
    const own = randomUUID();
    const kept = await get('/api/auth/profile', { headers: { 'x-request-id': own } });
    expect([kept.headers.get('x-request-id'), kept.body.requestId]).toEqual([own, own]);
    const odd = await get('/api/auth/profile', { headers: { 'x-request-id': 'a"}{"level":"fatal' } });
    expect(odd.headers.get('x-request-id')).toMatch(/^[A-Za-z0-9-]{8,64}$/);
  });

  it('has the metrics of nobody', async () => {
    expect((await get('/metrics')).status).toBe(404);
    expect((await get('/metrics', { base: stack.GATEWAY_URL })).status).toBe(404);
  });
});
