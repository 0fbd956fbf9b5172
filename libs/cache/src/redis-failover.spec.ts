import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { connectRedis } from './redis-url.ts';

const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;
const array = (...items: string[]): string => `*${items.length}\r\n${items.map(bulk).join('')}`;

type Answer = (command: string, socket: Socket) => string | Promise<string>;

/** A server of Redis's protocol that answers by script. */
async function scripted(answer: Answer): Promise<{ server: Server; port: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => undefined));
    socket.on('data', async (data) => {
      for (const command of data.toString().split(/(?=\*\d+\r\n\$)/)) {
        const words = command.split('\r\n').filter((line) => !/^[*$]\d+$|^$/.test(line));
        socket.write(await answer(words.join(' ').toLowerCase(), socket));
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, sockets };
}

it('connects again after a failover that the Sentinels told of while they were asked for the master', async () => {
  const master = await scripted((command) => (command.startsWith('info') ? bulk('role:master') : '+OK\r\n'));
  const asked = Promise.withResolvers<void>();
  const told = Promise.withResolvers<void>();
  const subscribed = Promise.withResolvers<Socket>();
  let questions = 0;
  const sentinel = await scripted(async (command, socket) => {
    if (command.startsWith('subscribe')) {
      subscribed.resolve(socket);
      return `*3\r\n${bulk('subscribe')}${bulk('+switch-master')}:1\r\n`;
    }
    if (command.startsWith('sentinel sentinels')) return '*0\r\n';
    if (!command.startsWith('sentinel get-master-addr-by-name')) return '+OK\r\n';
    if (++questions === 2) {
      asked.resolve();
      await told.promise;
    }
    return array('127.0.0.1', String(master.port));
  });
  const redis = connectRedis(`redis+sentinel://127.0.0.1:${sentinel.port}/souk`, {}).on('error', () => undefined);
  try {
    const listener = await subscribed.promise;
    await expect.poll(() => redis.status).toBe('ready');
    for (const socket of master.sockets) socket.destroy();
    await asked.promise;
    listener.write(array('message', '+switch-master', 'souk'));
    await once(listener, 'close');
    told.resolve();
    await expect.poll(() => redis.status, { timeout: 5_000 }).toBe('ready');
  } finally {
    redis.disconnect();
    for (const { server, sockets } of [master, sentinel]) {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  }
  expect(questions).toBeGreaterThan(2);
});
