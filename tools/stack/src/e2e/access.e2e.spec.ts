import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { allEndpoints } from '@souk/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accessMatrix, type Kind, KINDS } from './access-matrix.ts';
import { admin, call, get, post, product, stack } from './shop.ts';

const password = 'pass123';

interface Account {
  id: string;
  email: string;
  password: string;
  accessToken: string;
  refreshToken: string;
}

async function customer(): Promise<Account> {
  const email = `${randomUUID()}@test.com`;
  const { body } = await post('/api/auth/register', { email, password, name: 'Test User' });
  return { ...body, id: body.user.id, email, password };
}

async function administrator(): Promise<Account> {
  const credentials = { email: stack.ADMIN_EMAIL, password: stack.ADMIN_PASSWORD };
  const { body } = await post('/api/auth/login', credentials);
  return { ...body, id: body.user.id, ...credentials };
}

/** The account's token as it was signed, an hour later. */
function expired({ accessToken }: Account): string {
  const file = join(dirname(stack.SOUK_STATE), 'credentials.json');
  const { jwtSecret } = z.object({ jwtSecret: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8')));
  const [header = '', payload = ''] = accessToken.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const old = Buffer.from(JSON.stringify({ ...claims, iat: claims.iat - 3_600, exp: claims.exp - 3_600 }));
  const input = `${header}.${old.toString('base64url')}`;
  return `${input}.${createHmac('sha256', jwtSecret).update(input).digest('base64url')}`;
}

/** What is asked for: an order of the customer's that has come as far as the operation needs, and a product. */
async function scene(operation: string) {
  const [owner, adminToken] = [await customer(), await admin()];
  const { id: productId } = await product(adminToken);
  const items = [{ productId, quantity: 1 }];
  const { id: orderId } = (await post('/api/orders', { items }, { token: owner.accessToken })).body;
  const move = (to: string) => call('POST', `/api/orders/${orderId}/${to}`, { token: adminToken });
  if (/ship$|deliver$/.test(operation)) await move('pay');
  if (operation.endsWith('deliver')) await move('ship');
  return { owner, productId, orderId, items };
}
type Scene = Awaited<ReturnType<typeof scene>>;

const callers: Record<Kind, (scene: Scene) => Promise<{ who: Account; token: string | undefined }>> = {
  anonymous: async ({ owner }) => ({ who: owner, token: undefined }),
  customer: async ({ owner }) => ({ who: owner, token: owner.accessToken }),
  other: async () => withToken(await customer()),
  admin: async () => withToken(await administrator()),
  expired: async ({ owner }) => ({ who: owner, token: expired(owner) }),
};
const withToken = (who: Account) => ({ who, token: who.accessToken });

const bodies: Record<string, (scene: Scene, who: Account) => object> = {
  'POST /api/auth/register': () => ({ email: `${randomUUID()}@test.com`, password, name: 'Test User' }),
  'POST /api/auth/login': (_, { email, password }) => ({ email, password }),
  'POST /api/auth/refresh': (_, { refreshToken }) => ({ refreshToken }),
  'POST /api/auth/password': (_, { password }) => ({ currentPassword: password, newPassword: password }),
  'POST /api/products': () => ({ name: 'Widget', price: 1, category: 'Electronics', stock: 1 }),
  'PATCH /api/products/:id': () => ({ price: 2 }),
  'POST /api/orders': ({ items }) => ({ items }),
};

const lines = { raw: '{}\n', headers: { 'content-type': 'application/x-ndjson' } };

async function statusFor(operation: string, kind: Kind): Promise<number> {
  const set = await scene(operation);
  const { who, token } = await callers[kind](set);
  const [method = '', path = ''] = operation.split(' ');
  const id = path.startsWith('/api/orders') ? set.orderId : set.productId;
  const body = bodies[operation]?.(set, who);
  const request = operation === 'POST /api/products/import' ? lines : { body };
  return (await call(method, path.replace(':id', id), { token, ...request })).status;
}

describe('access', () => {
  it('is said for every operation there is, and for no other', () => {
    expect(Object.keys(accessMatrix).toSorted()).toEqual(
      allEndpoints.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
  });

  it.each(Object.entries(accessMatrix))('to %s is what the matrix says', async (operation, expected) => {
    const statuses: number[] = [];
    for (const kind of KINDS) statuses.push(await statusFor(operation, kind));
    expect(Object.fromEntries(KINDS.map((kind, i) => [kind, statuses[i]]))).toEqual(
      Object.fromEntries(KINDS.map((kind, i) => [kind, expected[i]])),
    );
  });

  it("to another's order is refused with the very answer for one that is not there", async () => {
    const { orderId } = await scene('');
    const { accessToken: token } = await customer();
    const theirs = await get(`/api/orders/${orderId}`, { token });
    const missing = await get(`/api/orders/${'0'.repeat(32)}`, { token });
    const shown = ({ text, body, headers, status }: typeof theirs) => ({
      status,
      text: text.replace(body.requestId, ''),
      headers: [...headers.entries()].filter(([name]) => !/^(date|x-request-id|ratelimit)$/.test(name)),
    });
    expect(shown(theirs)).toEqual(shown(missing));
  });
});
