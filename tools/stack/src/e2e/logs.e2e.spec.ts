import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { admin, customer, get, post, product, stack } from './shop.ts';

const directory = join(dirname(stack.SOUK_STATE), 'logs');

/** Everything the stack has written down so far. */
const logs = (): string =>
  readdirSync(directory)
    .map((name) => readFileSync(join(directory, name), 'utf8'))
    .join('');

/** What an app has written down of a request. */
const linesOf = (app: string, requestId: string | null): Record<string, unknown>[] =>
  readFileSync(join(directory, `${app}-1.log`), 'utf8')
    .split('\n')
    .filter((line) => requestId !== null && line.includes(requestId))
    .map((line) => JSON.parse(line));

it('a request has one line at the gateway and one at each service that answered a call for it', async () => {
  const { id, token } = await customer();
  const bought = await product(await admin());
  const { headers } = await post('/api/orders', { items: [{ productId: bought.id, quantity: 1 }] }, { token });
  const requestId = headers.get('x-request-id');
  const common = { level: 30, requestId, milliseconds: expect.any(Number) };
  const call = { ...common, msg: 'call', outcome: 'ok', userId: id };
  const lines = [
    ['gateway', { ...common, msg: 'request', method: 'POST', route: '/api/orders', status: 201, userId: id }],
    ['order', { ...call, contract: 'order.place', caller: 'gateway' }],
    ['product', { ...call, contract: 'product.reserve', caller: 'order' }],
  ] as const;
  for (const [app, line] of lines) await vi.waitFor(() => expect(linesOf(app, requestId)).toMatchObject([line]), 5_000);
});

it('a read that the gateway has in its cache is counted, and leaves no line', async () => {
  const { id } = await product(await admin());
  const path = `/api/products/${id}`;
  const base = stack.GATEWAY_URL;
  await get(path, { base });
  const counted = async () => {
    const { text } = await get('/metrics', { base: stack.OPS_URL });
    const [, count = '0'] =
      /souk_http_request_seconds_count\{[^}]*route="\/api\/products\/:id",status="200"[^}]*\} (\d+)/.exec(text) ?? [];
    return Number(count);
  };
  const before = await counted();
  const hits = await Promise.all(Array.from({ length: 20 }, () => get(path, { base })));
  expect(await counted()).toBe(before + 20);
  expect(hits.flatMap(({ headers }) => linesOf('gateway', headers.get('x-request-id')))).toEqual([]);
});

it('nothing that was written down gives a token, a password or an e-mail away', async () => {
  const { email, token } = await customer();
  await post('/api/auth/register', { email, password: 'pass-never-logged', name: 'Again' });
  await post('/api/auth/login', { email, password: 'pass-never-logged' });
  await post('/api/orders', { items: 'x' }, { token });
  await get(`/api/products?q=${encodeURIComponent(email)}&token=${token}`);
  await get(`/nothing?token=${token}`);
  const written = logs();
  expect(written.length).toBeGreaterThan(0);
  for (const secret of [email, token, token.split('.')[2] ?? '', 'pass-never-logged', stack.ADMIN_PASSWORD]) {
    expect(written.includes(secret)).toBe(false);
  }
});
