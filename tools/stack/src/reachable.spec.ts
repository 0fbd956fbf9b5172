import { createServer } from 'node:http';
import { once } from 'node:events';
import { createServer as createSilent, type AddressInfo } from 'node:net';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mustReach } from './reachable.ts';
import { temporary } from './spec-support.ts';

const origin = (port: number) => ({
  name: 'there',
  url: `http://127.0.0.1:${port}/`,
  counts: (answer: string) => answer === '200',
});
const context = (souk: string) => ({ souk, env: {}, say: () => undefined });

async function answering(status: number) {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, asked: () => asked, [Symbol.dispose]: () => server.close() };
}

it('is content with a source that answers', async () => {
  using souk = temporary();
  using server = await answering(200);
  await mustReach(origin(server.port), context(souk.path));
  expect(readdirSync(join(souk.path, 'unreachable'))).toEqual([]);
});

it('does not ask again that day, but does the next', async () => {
  using souk = temporary();
  using server = await answering(403);
  const ask = (day: string) => mustReach(origin(server.port), context(souk.path), new Date(day));
  await expect(ask('2026-11-24')).rejects.toThrow('there is out of reach (answered 403)');
  await expect(ask('2026-11-24')).rejects.toThrow(/was out of reach today/);
  expect(server.asked()).toBe(1);
  await expect(ask('2026-11-25')).rejects.toThrow('answered 403');
  expect(server.asked()).toBe(2);
});

it('passes over a source that never answers within 5 s', async () => {
  using souk = temporary();
  const silent = createSilent().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const started = Date.now();
  const { port } = silent.address() as AddressInfo;
  await expect(mustReach(origin(port), context(souk.path))).rejects.toThrow('(no answer)');
  expect(Date.now() - started).toBeLessThan(5_000);
  silent.close();
});
