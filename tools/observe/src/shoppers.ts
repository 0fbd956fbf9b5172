import { setTimeout as pause } from 'node:timers/promises';
import { admin, call, customer, get, post, product } from '@souk/stack/shop';

const ONE_AFTER_THE_OTHER_MS = 20;
const CROWD = 400;

/** Everything a shop sees in a day, for so many seconds: reads, orders, refusals, changes, and a crowd that is too much. */
export async function shoppers(seconds: number): Promise<void> {
  const token = await admin();
  const shopper = await customer();
  const [scarce, plenty] = [await product(token), await product(token)];
  const end = Date.now() + seconds * 1_000;
  const crowd = Promise.all(Array.from({ length: CROWD }, () => login(shopper.email, 'pass123')));
  for (let turn = 0; Date.now() < end; turn++) {
    // While the crowd is there, anybody may be refused.
    const { id } = await product(token).catch(() => plenty);
    await Promise.all([get('/api/products'), get(`/api/products/${id}`), get(`/api/products?q=x${turn}`)]);
    await call('PATCH', `/api/products/${id}`, { token, body: { price: 2 } });
    const order = await buy(shopper.token, id, 1);
    if (turn % 2 === 0) await post(`/api/orders/${order.body.id}/cancel`, {}, { token: shopper.token });
    await buy(shopper.token, scarce.id, 1_000);
    await login(shopper.email, 'wrong-password');
    await customer().catch(() => undefined);
    await pause(ONE_AFTER_THE_OTHER_MS);
  }
  await crowd;
}

const login = (email: string, password: string) => post('/api/auth/login', { email, password });
const buy = (token: string, productId: string, quantity: number) =>
  post('/api/orders', { items: [{ productId, quantity }] }, { token });
