import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { admin, call, get } from './shop.ts';

let token: string;
beforeAll(async () => {
  token = await admin();
});
// A store written in Python is busy with its indexes for seconds after two thousand products: others shall not find it so.
afterAll(() => vi.waitUntil(async () => (await inCategory(randomUUID())) !== undefined, { timeout: 30_000 }), 30_000);

const send = (raw: string, type = 'application/x-ndjson') =>
  call('POST', '/api/products/import', { token, raw, headers: { 'content-type': type } });
const inCategory = async (category: string) => (await get(`/api/products?limit=100&category=${category}`)).body.items;
const line = (fields: object) =>
  JSON.stringify({ name: 'Thing', price: 4.5, category: 'Imports', stock: 3, ...fields });

describe('an import', () => {
  it('of JSON lines adds what is good, says what is not, and adds nothing when it is sent again', async () => {
    const category = randomUUID();
    const text = [
      line({ category, name: 'A' }),
      line({ category, price: -1 }),
      'nope',
      line({ category, name: 'B' }),
    ].join('\n');
    const { status, body } = await send(text);
    expect(status).toBe(200);
    expect(body).toMatchObject({ received: 4, created: 2, unchanged: 0, refused: 2 });
    expect(body.errors).toEqual([
      { line: 2, field: 'price', message: expect.any(String) },
      { line: 3, field: '', message: 'The body is not JSON.' },
    ]);
    expect((await send(text)).body).toMatchObject({ created: 0, unchanged: 2, refused: 2 });
    expect(
      (await inCategory(category)).map(({ name, price, stock }: Record<string, unknown>) => [name, price, stock]),
    ).toEqual(
      expect.arrayContaining([
        ['A', 4.5, 3],
        ['B', 4.5, 3],
      ]),
    );
  });

  it('of comma separated values does the same', async () => {
    const category = randomUUID();
    const { status, body } = await send(
      `name,category,price,stock\nMug,${category},4.50,3\nCup,${category},free,1\n`,
      'text/csv',
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ received: 2, created: 1, refused: 1 });
    expect(body.errors).toEqual([{ line: 3, field: 'price', message: expect.any(String) }]);
    expect(await inCategory(category)).toHaveLength(1);
  });

  it('of more than any other body may hold goes through, in batches', { timeout: 120_000 }, async () => {
    const category = randomUUID();
    const text = Array.from({ length: 2_000 }, (_, n) => line({ category, name: `Bulk ${n}` })).join('\n');
    expect(text.length).toBeGreaterThan(64 * 1_024);
    expect((await send(text)).body).toMatchObject({ received: 2_000, created: 2_000, refused: 0 });
  });

  it('of more than it may hold itself is 413, through the proxy', async () => {
    const { status, body } = await send(' '.repeat(17 * 1_024 * 1_024));
    expect([status, body.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  it('is nothing that another route takes', async () => {
    const headers = { 'content-type': 'application/x-ndjson' };
    expect((await call('POST', '/api/products', { token, raw: line({}), headers })).status).toBe(415);
    expect((await send('{}', 'application/json')).status).toBe(415);
    expect((await send('"never closed', 'text/csv')).status).toBe(400);
  });
});
