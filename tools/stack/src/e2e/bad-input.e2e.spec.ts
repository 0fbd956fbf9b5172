import { beforeAll, describe, expect, it } from 'vitest';
import { admin, type Answer, call, customer, get, post, product, stack } from './shop.ts';

function expectProblem({ status, headers, body }: Answer, expected: { status: number; code?: string; field?: string }) {
  expect(body, `${status}`).toMatchObject({ status: expected.status, ...(expected.code && { code: expected.code }) });
  expect(status).toBe(expected.status);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body.requestId).toMatch(/^[\w-]{8,64}$/);
  const fields: string[] = (body.errors ?? []).map((error: { field: string }) => error.field);
  expect(fields).toEqual(expect.arrayContaining(expected.field ? [expected.field] : []));
}

let adminToken: string;
let buyer: Awaited<ReturnType<typeof customer>>;
let widget: { id: string; name: string };

beforeAll(async () => {
  adminToken = await admin();
  buyer = await customer();
  widget = await product(adminToken, { stock: 10 });
});

const stockOf = async (id: string): Promise<number> => (await get(`/api/products/${id}`)).body.stock;
const unknownId = 'f'.repeat(24);

describe('an order', () => {
  const order = (body: unknown) => post('/api/orders', body, { token: buyer.token });

  it.each([0, -1, 1e9, '2', 1.5, null, { $gt: '' }, [2], true])(
    'of the quantity %j is refused, naming it',
    async (quantity) => {
      const answer = await order({ items: [{ productId: widget.id, quantity }] });
      expectProblem(answer, { status: 400, code: 'VALIDATION_FAILED', field: 'items.0.quantity' });
    },
  );

  it.each(['x', '', 'f'.repeat(23), { $gt: '' }, 1, null, `${'f'.repeat(24)}\u0001`])(
    'of the product %j is refused, naming it',
    async (productId) => {
      const answer = await order({ items: [{ productId, quantity: 1 }] });
      expectProblem(answer, { status: 400, code: 'VALIDATION_FAILED', field: 'items.0.productId' });
    },
  );

  it.each([
    ['no items', {}, 'items'],
    ['an empty list', { items: [] }, 'items'],
    ['a total of its own', { items: [{ productId: unknownId, quantity: 1 }], total: 0 }, 'total'],
    ['a price of its own', { items: [{ productId: unknownId, quantity: 1, price: 0 }] }, 'items.0.price'],
    ['a status of its own', { items: [{ productId: unknownId, quantity: 1 }], status: 'paid' }, 'status'],
    ['a userId that is not one', { items: [{ productId: unknownId, quantity: 1 }], userId: { $ne: '' } }, 'userId'],
  ])('with %s is refused', async (_, body, field) => {
    expectProblem(await order(body), { status: 400, code: 'VALIDATION_FAILED', field });
  });

  it('of 1,000 items is refused', async () => {
    const items = Array.from({ length: 1_000 }, () => ({ productId: widget.id, quantity: 1 }));
    const answer = await order({ items });
    expect([400, 413]).toContain(answer.status);
  });

  it('of an unknown product is 404, naming it', async () => {
    const answer = await order({ items: [{ productId: unknownId, quantity: 1 }] });
    expectProblem(answer, { status: 404, code: 'PRODUCT_NOT_FOUND' });
    expect(answer.body.productId).toBe(unknownId);
  });

  it('of more than there is is 409, says what is left, and takes nothing of any line', async () => {
    const other = await product(adminToken, { stock: 5 });
    const answer = await order({
      items: [
        { productId: other.id, quantity: 1 },
        { productId: widget.id, quantity: 11 },
      ],
    });
    expectProblem(answer, { status: 409, code: 'OUT_OF_STOCK' });
    expect(answer.body).toMatchObject({ productId: widget.id, name: widget.name, available: 10 });
    expect(await stockOf(other.id)).toBe(5);
    expect(await stockOf(widget.id)).toBe(10);
  });

  it('for somebody else is 403', async () => {
    const other = await customer();
    const answer = await order({ userId: other.id, items: [{ productId: widget.id, quantity: 1 }] });
    expectProblem(answer, { status: 403, code: 'FORBIDDEN' });
  });

  it('of somebody else is 404, like one that is not there', async () => {
    const mine = await order({ items: [{ productId: (await product(adminToken)).id, quantity: 1 }] });
    const other = await customer();
    const theirs = await get(`/api/orders/${mine.body.id}`, { token: other.token });
    const missing = await get(`/api/orders/${'0'.repeat(32)}`, { token: other.token });
    expectProblem(theirs, { status: 404, code: 'ORDER_NOT_FOUND' });
    expect({ ...theirs.body, requestId: '' }).toEqual({ ...missing.body, requestId: '' });
    expect((await get('/api/orders', { token: other.token })).body.items).toEqual([]);
  });
});

describe('a product', () => {
  const good = { name: 'Bad', price: 1, category: 'Bad', stock: 1 };

  it.each([
    ['price', -1],
    ['price', 1.999],
    ['price', 1e12],
    ['price', '1'],
    ['price', null],
    ['stock', -1],
    ['stock', 1.5],
    ['stock', 1e12],
    ['name', ''],
    ['name', 'x'.repeat(201)],
    ['name', 'a\u0001b'],
    ['name', { $gt: '' }],
    ['category', 1],
    ['role', 'admin'],
    ['_id', unknownId],
    ['$where', '1'],
  ])('with %s = %j is refused, naming it', async (field, value) => {
    const answer = await post('/api/products', { ...good, [field]: value }, { token: adminToken });
    expectProblem(answer, { status: 400, code: 'VALIDATION_FAILED', field });
  });

  it('refused leaves nothing behind', async () => {
    expect((await get('/api/products?category=Bad')).body.items).toEqual([]);
  });

  it('is not written by who is not an admin', async () => {
    expectProblem(await post('/api/products', good, { token: buyer.token }), { status: 403, code: 'FORBIDDEN' });
    const patch = await call('PATCH', `/api/products/${widget.id}`, { token: buyer.token, body: { price: 1 } });
    expectProblem(patch, { status: 403 });
    expectProblem(await call('DELETE', `/api/products/${widget.id}`, { token: buyer.token }), { status: 403 });
    expectProblem(await post('/api/products', good), { status: 401, code: 'UNAUTHENTICATED' });
  });

  it('that is not there is 404, and an id that is none is 400', async () => {
    expectProblem(await get(`/api/products/${unknownId}`), { status: 404, code: 'PRODUCT_NOT_FOUND' });
    expectProblem(await get('/api/products/not-an-id'), { status: 400, field: 'id' });
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=1e9',
    'limit=',
    'limit[]=',
    'sort=$where',
    'q[$ne]=x',
    'page=2',
    'cursor=%7B%7D',
    'minPrice=-1',
  ])('list is refused with ?%s', async (query) => {
    expectProblem(await get(`/api/products?${query}`), { status: 400 });
  });

  it('list is refused with the cursor of another list', async () => {
    const { body } = await get('/api/products?sort=price&limit=1');
    expectProblem(await get(`/api/products?sort=name&cursor=${body.nextCursor}`), {
      status: 400,
      code: 'INVALID_CURSOR',
    });
  });
});

describe('an account', () => {
  const good = { email: 'bad@test.com', password: 'pass123', name: 'Bad' };

  it.each([
    ['email', 'not an e-mail'],
    ['email', { $gt: '' }],
    ['email', ''],
    ['password', ''],
    ['password', 'short'],
    ['password', { $gt: '' }],
    ['password', 'x'.repeat(129)],
    ['name', ''],
    ['name', null],
    ['role', 'admin'],
  ])('with %s = %j is refused, naming it', async (field, value) => {
    const answer = await post('/api/auth/register', { ...good, [field]: value });
    expectProblem(answer, { status: 400, code: 'VALIDATION_FAILED', field });
  });

  it('is not entered with operators for a password', async () => {
    expectProblem(await post('/api/auth/login', { email: { $gt: '' }, password: { $gt: '' } }), { status: 400 });
  });

  it('answers the same to a wrong password and an unknown e-mail', async () => {
    const wrong = await post('/api/auth/login', { email: buyer.email, password: 'wrong-password' });
    const unknown = await post('/api/auth/login', { email: 'nobody@test.com', password: 'wrong-password' });
    expectProblem(wrong, { status: 401, code: 'INVALID_CREDENTIALS' });
    expect({ ...wrong.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
  });
});

describe('a token', () => {
  const payload = Buffer.from(JSON.stringify({ sub: unknownId, role: 'admin', exp: 4e9 })).toString('base64url');
  const header = (alg: string) => Buffer.from(JSON.stringify({ alg, typ: 'JWT' })).toString('base64url');

  it.each([undefined, 'garbage', 'a.b.c', `${header('none')}.${payload}.`, `${header('HS256')}.${payload}.AAAA`])(
    'like %s is 401',
    async (token) => {
      const answer = await get('/api/auth/profile', { token });
      expectProblem(answer, { status: 401, code: 'UNAUTHENTICATED' });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    },
  );
});

describe('a body', () => {
  const send = (raw: string | Uint8Array<ArrayBuffer>, headers = {}) =>
    call('POST', '/api/orders', { token: buyer.token, raw, headers });

  it.each(['{nope', '', 'null', '[]', '"text"', '1', '{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}'])(
    'like %s is a 400 problem',
    async (raw) => {
      expectProblem(await send(raw), { status: 400 });
    },
  );

  it.each([
    ['a name twice', '{"items":[],"items":[]}'],
    ['a name twice, once escaped', String.raw`{"items":[],"\u0069tems":[]}`],
    ['a lone surrogate', String.raw`{"items":"\uD800"}`],
    ['a NUL', String.raw`{"items":"\u0000"}`],
    ['a number beyond all numbers', '{"items":1e999}'],
    ['40 levels', '['.repeat(40) + ']'.repeat(40)],
    ['a byte order mark', '\uFEFF{"items":[]}'],
  ])('with %s is a 400 problem', async (_, raw) => {
    expectProblem(await send(raw), { status: 400, code: 'MALFORMED_REQUEST' });
  });

  it('that is not UTF-8 is a 400 problem', async () => {
    expectProblem(await send(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), { status: 400 });
  });

  it.each([
    [{ 'content-type': 'application/json; charset=latin1' }],
    [{ 'content-type': 'application/json; charset=utf-16' }],
    [{ 'content-type': 'application/json, text/plain' }],
    [{ 'content-encoding': 'gzip' }],
    [{ 'content-encoding': 'identity, gzip' }],
  ])('sent as %j is 415', async (headers) => {
    expectProblem(await send('{"items":[]}', headers), { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
  });

  it.each(['application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'Application/JSON'])(
    'sent as %s is read',
    async (type) => {
      const field = 'items';
      expectProblem(await send('{}', { 'content-type': type }), { status: 400, code: 'VALIDATION_FAILED', field });
    },
  );

  it('of 10 MB is 413, through the proxy and at the gateway itself', async () => {
    const raw = new Uint8Array(10 * 1024 * 1024).fill(0x20);
    expectProblem(await send(raw), { status: 413, code: 'PAYLOAD_TOO_LARGE' });
  });

  it('of 100 KB is 413 at the gateway too', async () => {
    const raw = ' '.repeat(100 * 1024);
    const answer = await call('POST', '/api/orders', { token: buyer.token, raw, base: stack.GATEWAY_URL });
    expectProblem(answer, { status: 413, code: 'PAYLOAD_TOO_LARGE' });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'multipart/form-data; boundary=x'])(
    'sent as %s is 415',
    async (type) => {
      expectProblem(await send('{"items":[]}', { 'content-type': type }), {
        status: 415,
        code: 'UNSUPPORTED_MEDIA_TYPE',
      });
    },
  );
});

describe('a path', () => {
  it.each(['/api', '/api/nothing', '/api/orders/x/y', '/%2e%2e/etc/passwd', '/api/Products'])(
    'like %s is 404',
    async (path) => {
      expectProblem(await get(path), { status: 404, code: 'ROUTE_NOT_FOUND' });
    },
  );

  it.each([
    ['DELETE', '/api/orders', 'POST, GET, HEAD'],
    ['PUT', `/api/products/${unknownId}`, 'GET, HEAD, PATCH, DELETE'],
    ['POST', '/api/auth/profile', 'GET, HEAD'],
  ])('asked for with %s %s is 405 and names the methods it has', async (method, path, allow) => {
    const answer = await call(method, path, { token: buyer.token, headers: { 'content-type': 'text/plain' } });
    expectProblem(answer, { status: 405, code: 'METHOD_NOT_ALLOWED' });
    expect(answer.headers.get('allow')).toBe(allow);
  });
});
