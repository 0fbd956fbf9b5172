import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TappedCall } from '@souk/contracts';
import { expect, it, vi } from 'vitest';
import { root } from '../paths.ts';
import { admin, customer, get, post, product } from './shop.ts';

const MISSING = 'f'.repeat(24);
/** A program that has just been started needs more than the second that Vitest gives it, on a busy machine. */
const PATIENCE = { timeout: 10_000 };

/** `npm run bus -- tap` on the stack of this run. */
function tap(...args: string[]) {
  const main = join(root, 'tools/bus/src/main.ts');
  const child = spawn(process.execPath, ['--conditions=@souk/source', main, 'tap', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const stop = async () => {
    const exited = once(child, 'exit');
    child.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
  };
  return { lines, [Symbol.asyncDispose]: stop };
}

it('`bus tap --errors` shows each call that was refused once, with its code and request, and no secret', async () => {
  const { token, email } = await customer();
  const { id } = await product(await admin());
  const password = 'wrong-password';
  await using heard = tap('--errors');
  await vi.waitFor(async () => {
    await get(`/api/products/${MISSING}?probe=${Math.random()}`);
    await get(`/api/orders/${'f'.repeat(32)}`, { token });
    expect(heard.lines).not.toHaveLength(0);
  }, PATIENCE);
  const refused = [
    ['INVALID_CREDENTIALS', await post('/api/auth/login', { email, password })],
    ['EMAIL_TAKEN', await post('/api/auth/register', { email, password, name: 'Jane' })],
    ['PRODUCT_NOT_FOUND', await post('/api/orders', { items: [{ productId: MISSING, quantity: 1 }] }, { token })],
    ['OUT_OF_STOCK', await post('/api/orders', { items: [{ productId: id, quantity: 1_000 }] }, { token })],
    ['ORDER_NOT_FOUND', await get(`/api/orders/${'e'.repeat(32)}`, { token })],
  ] as const;
  const calls = () => heard.lines.map((line) => TappedCall.parse(JSON.parse(line)));
  for (const [code, { headers }] of refused) {
    const requestId = headers.get('x-request-id');
    const ofRequest = () => calls().filter((call) => call.caller === 'gateway' && call.requestId === requestId);
    await vi.waitFor(() => expect(ofRequest()).toMatchObject([{ outcome: code }]), PATIENCE);
  }
  expect(calls().every(({ outcome }) => outcome !== 'ok')).toBe(true);
  expect(heard.lines.join('\n')).not.toMatch(new RegExp(`${password}|${email}|Bearer|argon2`));
});
