import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it, vi } from 'vitest';
import { freePort } from './free-port.ts';

it('draws a port that no outgoing connection is given', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
  expect(Math.min(...ports)).toBeGreaterThan(1_024);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});

it('passes over a port that is taken', async () => {
  const taken = await freePort();
  const server = createServer().listen(taken, '127.0.0.1');
  await once(server, 'listening');
  // The middle of what is rounded down to this port: at its lower end a product of fractions may fall short of it.
  const share = (taken - 20_000 + 0.5) / 12_000;
  const random = vi.spyOn(Math, 'random').mockReturnValueOnce(share);
  expect(await freePort()).not.toBe(taken);
  expect(random.mock.calls.length).toBeGreaterThan(1);
  random.mockRestore();
  server.close();
});
