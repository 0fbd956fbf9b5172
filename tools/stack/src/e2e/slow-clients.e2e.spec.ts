import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { customer, get, post, product, admin, stack } from './shop.ts';

const SOCKETS = 200;
let slow: Socket[] = [];
afterEach(() => {
  for (const socket of slow) socket.destroy();
});

/** Opens connections that say a little and then nothing: a request that never ends. */
async function stall(base: string, words: string): Promise<void> {
  const { hostname, port } = new URL(base);
  slow = Array.from({ length: SOCKETS }, () => connect(Number(port), hostname).on('error', () => undefined));
  await Promise.all(slow.map((socket) => once(socket, 'connect')));
  for (const socket of slow) socket.write(words);
}

const HEADERS = 'POST /api/auth/login HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n';

describe.each([
  ['headers', HEADERS],
  ['a body', `${HEADERS}Content-Length: 100\r\n\r\n{"email":`],
])('two hundred clients that never finish %s', (_, words) => {
  it.each(['SHOP_URL', 'GATEWAY_URL'] as const)('keep nobody else out of %s', async (door) => {
    const base = stack[door];
    const { token } = await customer();
    const { id } = await product(await admin());
    await stall(base, words);
    const others = Array.from({ length: 40 }, (__, turn) =>
      turn % 4 === 0
        ? post('/api/orders', { items: [{ productId: id, quantity: 1 }] }, { token, base })
        : get(`/api/products/${id}`, { base }),
    );
    const statuses = new Set((await Promise.all(others)).map(({ status }) => status));
    expect(statuses).toEqual(new Set([200, 201]));
  });

  it('are shown out by the proxy', async () => {
    await stall(stack.SHOP_URL, words);
    // Some are reset, which is an error to the socket and the same to us.
    await Promise.all(slow.map((socket) => socket.closed || new Promise((resolve) => socket.once('close', resolve))));
    expect(slow.filter(({ closed }) => !closed)).toEqual([]);
  });
});
