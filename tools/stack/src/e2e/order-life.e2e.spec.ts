import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { admin, type Answer, call, customer, get, post, product } from './shop.ts';

let adminToken: string;
let buyer: Awaited<ReturnType<typeof customer>>;
beforeAll(async () => {
  adminToken = await admin();
  buyer = await customer();
});

const itemsOf = (productId: string, quantity = 1) => ({ items: [{ productId, quantity }] });
const place = (body: unknown, key?: string, token = buyer.token) =>
  post('/api/orders', body, { token, headers: key === undefined ? {} : { 'idempotency-key': key } });
const move = (id: string, verb: string, token = adminToken) => call('POST', `/api/orders/${id}/${verb}`, { token });
const cancel = (id: string) => move(id, 'cancel', buyer.token);
const stockOf = async (id: string): Promise<number> => (await get(`/api/products/${id}`)).body.stock;
const expectStock = (id: string, stock: number) => expect.poll(() => stockOf(id), { timeout: 10_000 }).toBe(stock);
const replayed = ({ headers }: Answer) => headers.get('idempotent-replayed');

describe('an Idempotency-Key', () => {
  it('gives the same order, byte for byte, however often it is sent and whatever became of it', async () => {
    const { id } = await product(adminToken);
    const key = randomUUID();
    const first = await place(itemsOf(id, 2), key);
    expect([first.status, replayed(first)]).toEqual([201, null]);
    await move(first.body.id, 'pay');
    const second = await place(itemsOf(id, 2), key);
    await cancel(first.body.id);
    const third = await place(itemsOf(id, 2), key);
    for (const again of [second, third]) {
      expect([again.status, replayed(again), again.text]).toEqual([201, 'true', first.text]);
    }
    await expectStock(id, 100);
  });

  it('stands for one order when a hundred ask at once', async () => {
    const { id } = await product(adminToken);
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 100 }, () => place(itemsOf(id), key)));
    const orders = answers.filter(({ status }) => status === 201);
    // 503 says that nothing was done: a store that is asked too much at once may be the reason.
    const others = answers.filter(({ status }) => status !== 201 && status !== 503).map(({ body }) => body.code);
    expect(new Set(orders.map(({ text }) => text)).size).toBe(1);
    expect(others.filter((code) => code !== 'ORDER_IN_PROGRESS')).toEqual([]);
    await expectStock(id, 99);
  });

  it('counts the same lines in another order, or one product twice, as the same body', async () => {
    const [a, b] = [await product(adminToken), await product(adminToken)];
    const lines = [a, b, a].map(({ id }) => ({ productId: id, quantity: 1 }));
    const key = randomUUID();
    const first = await place({ items: lines }, key);
    const again = await place({ items: lines.toReversed(), userId: buyer.id }, key);
    expect([again.status, again.text]).toEqual([201, first.text]);
  });

  it('is refused with another body, and belongs to one user', async () => {
    const { id } = await product(adminToken);
    const key = randomUUID();
    const mine = await place(itemsOf(id), key);
    const other = await place(itemsOf(id, 2), key);
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_MISMATCH']);
    const theirs = await place(itemsOf(id), key, (await customer()).token);
    expect([theirs.status, replayed(theirs)]).toEqual([201, null]);
    expect(theirs.body.id).not.toBe(mine.body.id);
  });

  it('is not used up by a refusal', async () => {
    const { id } = await product(adminToken, { stock: 0 });
    const key = randomUUID();
    expect((await place(itemsOf(id), key)).body.code).toBe('OUT_OF_STOCK');
    await call('PATCH', `/api/products/${id}`, { token: adminToken, body: { stockDelta: 1 } });
    expect((await place(itemsOf(id), key)).status).toBe(201);
  });

  it.each(['with space', 'ümlaut', 'x'.repeat(256), 'tab\there'])('like %j is 400, naming it', async (key) => {
    const { id } = await product(adminToken);
    const answer = await place(itemsOf(id), Buffer.from(key, 'utf8').toString('latin1'));
    expect([answer.status, answer.body.errors?.[0].field]).toEqual([400, 'idempotency-key']);
  });

  it('may have 255 characters of visible ASCII', async () => {
    const { id } = await product(adminToken);
    const key = `${'!~'.repeat(100)}${randomUUID()}`.padEnd(255, '"');
    expect((await place(itemsOf(id), key)).status).toBe(201);
    expect(replayed(await place(itemsOf(id), key))).toBe('true');
  });
});

describe('an order', () => {
  const placed = async () => {
    const { id: productId } = await product(adminToken, { stock: 10 });
    const { body } = await place(itemsOf(productId, 3));
    return { productId, id: body.id as string };
  };

  it('is paid, shipped and delivered by an admin, and shows when', async () => {
    const { id } = await placed();
    for (const [verb, status] of [
      ['pay', 'paid'],
      ['ship', 'shipped'],
      ['deliver', 'delivered'],
    ] as const) {
      expect((await move(id, verb)).body).toMatchObject({ id, status });
    }
    const { body } = await get(`/api/orders/${id}`, { token: buyer.token });
    expect(body.history.map(({ status }: { status: string }) => status)).toEqual([
      'confirmed',
      'paid',
      'shipped',
      'delivered',
    ]);
  });

  it('that is cancelled puts its stock back once, however often it is cancelled', async () => {
    const { id, productId } = await placed();
    await expectStock(productId, 7);
    const answers = await Promise.all(Array.from({ length: 10 }, () => cancel(id)));
    for (const { status } of answers) expect(status).toBe(200);
    expect((await cancel(id)).body.status).toBe('cancelled');
    await expectStock(productId, 10);
  });

  it('that was shipped is not cancelled, and one that was cancelled is not paid', async () => {
    const [shipped, cancelled] = [await placed(), await placed()];
    await move(shipped.id, 'pay');
    await move(shipped.id, 'ship');
    const refused = await cancel(shipped.id);
    expect([refused.status, refused.body.code, refused.body.from]).toEqual([409, 'ORDER_STATE_CONFLICT', 'shipped']);
    await cancel(cancelled.id);
    expect((await move(cancelled.id, 'pay')).body.detail).toBe('An order that is cancelled cannot become paid.');
  });

  it('is moved by an admin alone and cancelled by its owner alone', async () => {
    const { id } = await placed();
    const stranger = await customer();
    for (const verb of ['pay', 'ship', 'deliver']) expect((await move(id, verb, buyer.token)).status).toBe(403);
    const theirs = await move(id, 'cancel', stranger.token);
    const missing = await move('0'.repeat(32), 'cancel', stranger.token);
    expect(theirs.status).toBe(404);
    expect({ ...theirs.body, requestId: '' }).toEqual({ ...missing.body, requestId: '' });
  });
});
