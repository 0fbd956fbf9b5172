import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { root } from '../paths.ts';
import { customer, post } from './shop.ts';

/** Runs `npm run admin:create` as somebody at this machine would. */
async function adminCreate(args: string[], password: string) {
  const child = spawn(process.execPath, [join(root, 'tools/stack/admin-create.js'), ...args], { cwd: root });
  child.stdin.end(`${password}\n`);
  const [said, complained, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { said, complained, status };
}

const login = (email: string, password: string) => post('/api/auth/login', { email, password });

it('admin:create creates an admin who may do what admins may', { timeout: 60_000 }, async () => {
  const email = `${randomUUID()}@test.com`;
  const made = await adminCreate(['--email', email, '--json'], 'secret1');
  expect(made).toMatchObject({ status: 0 });
  expect(JSON.parse(made.said)).toMatchObject({ email, role: 'admin' });
  const { body } = await login(email, 'secret1');
  const widget = { name: 'Widget', price: 1, category: 'Tools', stock: 1 };
  expect((await post('/api/products', widget, { token: body.accessToken })).status).toBe(201);
});

it('admin:create makes an admin of a customer only where asked', { timeout: 60_000 }, async () => {
  const { email } = await customer();
  expect(await adminCreate(['--email', email], 'secret1')).toMatchObject({
    status: 1,
    complained: expect.stringContaining('has an account already'),
  });
  expect((await login(email, 'pass123')).body.user.role).toBe('customer');
  expect(await adminCreate(['--email', email, '--promote'], '')).toMatchObject({ status: 0 });
  expect((await login(email, 'pass123')).body.user.role).toBe('admin');
});
