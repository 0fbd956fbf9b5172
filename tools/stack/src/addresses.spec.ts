import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { chooseAddresses } from './addresses.ts';
import { eachApp } from './apps.ts';
import { PortBook } from './port-book.ts';
import { temporary } from './spec-support.ts';

const wish = {
  host: '127.0.0.1',
  port: undefined,
  replicas: { ...eachApp(() => 1), gateway: 3, user: 2 },
  withNginx: true,
  anyPort: false,
  observe: false,
};
const quiet = () => undefined;

/** A port book in which these ports are taken. */
async function bookWithout(directory: string, ports: number[]): Promise<PortBook> {
  const other = new PortBook(directory);
  for (const port of ports) await other.take(port);
  return new PortBook(directory);
}

async function listener() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.dispose]: () => server.close() };
}

it('gives a taken usual port up for a free one and says so', async () => {
  using directory = temporary();
  const said: string[] = [];
  const book = await bookWithout(directory.path, [3002, 4222]);
  const { apps, nats } = await chooseAddresses(wish, book, (line) => said.push(line));
  expect(apps.product[0]?.port).toBeGreaterThan(19_999);
  expect(nats).toBeGreaterThan(19_999);
  expect(said).toContainEqual(expect.stringMatching(/^port 3002 is taken: product listens on \d+$/));
  expect(said).toContainEqual(expect.stringMatching(/^port 4222 is taken: nats listens on \d+$/));
});

it('gives every replica ports of its own', async () => {
  using directory = temporary();
  const { apps } = await chooseAddresses(wish, new PortBook(directory.path), quiet);
  expect(apps.gateway).toHaveLength(3);
  expect(apps.user).toHaveLength(2);
  const ports = Object.values(apps).flatMap((all) => all.flatMap(({ port, opsPort }) => [...new Set([port, opsPort])]));
  expect(new Set(ports).size).toBe(ports.length);
});

it('refuses a port that was asked for and is taken', async () => {
  using directory = temporary();
  using taken = await listener();
  const asked = chooseAddresses({ ...wish, port: taken.port }, new PortBook(directory.path), quiet);
  await expect(asked).rejects.toThrow(`--port ${taken.port}: the port is taken on 127.0.0.1.`);
});

it('opens to the network only what the public calls', async () => {
  using directory = temporary();
  const open = { ...wish, host: '0.0.0.0', anyPort: true };
  const before = await chooseAddresses(open, new PortBook(directory.path), quiet);
  expect(before.nginx?.host).toBe('0.0.0.0');
  expect(
    Object.values(before.apps)
      .flat()
      .every(({ host }) => host === '127.0.0.1'),
  ).toBe(true);
  const bare = await chooseAddresses({ ...open, withNginx: false }, new PortBook(directory.path), quiet);
  expect(bare.apps.gateway.map(({ host }) => host)).toEqual(['0.0.0.0', '127.0.0.1', '127.0.0.1']);
});

it('never gives one port to two stacks, even before they listen', async () => {
  using directory = temporary();
  const books = [new PortBook(directory.path), new PortBook(directory.path)];
  const drawn = await Promise.all(books.flatMap((book) => Array.from({ length: 50 }, () => book.takeAny())));
  expect(new Set(drawn).size).toBe(100);
});
