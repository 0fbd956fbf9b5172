import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { customer, get, post, stack } from './shop.ts';

/** Everything the stack has written down so far. */
const logs = (): string => {
  const directory = join(dirname(stack.SOUK_STATE), 'logs');
  return readdirSync(directory)
    .map((name) => readFileSync(join(directory, name), 'utf8'))
    .join('');
};

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
