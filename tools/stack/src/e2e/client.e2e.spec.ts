import { randomUUID } from 'node:crypto';
import { createSoukClient } from '@souk/client';
import { expect, it } from 'vitest';
import { admin, product, stack } from './shop.ts';

it('the typed client registers, finds, buys, cancels, and is told why not, in the words of the document', async () => {
  const { id } = await product(await admin());
  let accessToken: string | undefined;
  const client = createSoukClient({ baseUrl: stack.SHOP_URL, accessToken: () => accessToken });

  const account = { email: `${randomUUID()}@test.com`, password: 'pass123', name: 'Test User' };
  const session = await client.POST('/api/auth/register', { body: account });
  accessToken = session.data?.accessToken;
  const found = await client.GET('/api/products/{id}', { params: { path: { id } } });
  const order = await client.POST('/api/orders', { body: { items: [{ productId: id, quantity: 2 }] } });
  expect(order.data).toMatchObject({ status: 'confirmed', total: 2 * (found.data?.price ?? Number.NaN) });

  const path = { id: order.data?.id ?? '' };
  expect((await client.POST('/api/orders/{id}/cancel', { params: { path } })).data?.status).toBe('cancelled');
  const late = await client.POST('/api/orders/{id}/pay', { params: { path } });
  expect([late.response.status, late.error?.code]).toEqual([403, 'FORBIDDEN']);
});
