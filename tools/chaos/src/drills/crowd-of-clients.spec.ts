import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { CrowdOfClients, messageFor } from './crowd-of-clients.ts';

const PATIENCE_MS = 200;

let server: Server;
let crowd: CrowdOfClients;
let connections = 0;
afterEach(async () => {
  crowd.leave();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** A shop that answers like this, and a crowd before it. */
async function before(answer: RequestListener) {
  connections = 0;
  server = createServer(answer).on('connection', () => (connections += 1));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  crowd = new CrowdOfClients(origin, PATIENCE_MS);
  const message = messageFor({ origin, path: '/api/orders', token: 'token', body: { items: ['ä'] } });
  return { send: () => crowd.send(message) };
}

it('sends a whole order and hears its status, over connections that it keeps', async () => {
  const heard: unknown[] = [];
  const { send } = await before(({ method, url, headers }, response) => {
    heard.push([method, url, headers.authorization, headers['content-type']]);
    response.writeHead(201, { 'content-length': 2 }).end('{}');
  });
  for (let turn = 0; turn < 3; turn++) expect(await send()).toMatchObject({ status: 201, ms: expect.any(Number) });
  expect(heard[0]).toEqual(['POST', '/api/orders', 'Bearer token', 'application/json']);
  expect(connections).toBe(1);
});

it('opens as many connections as are used at once, and none that was closed is used again', async () => {
  const { send } = await before((request, response) => {
    request.resume();
    response.writeHead(503, { 'content-length': 0, connection: 'close' }).end();
  });
  const statuses = await Promise.all(Array.from({ length: 5 }, send));
  expect(statuses.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
  expect((await send()).status).toBe(503);
  expect(connections).toBe(6);
});

it.each<[what: string, answer: RequestListener]>([
  ['does not come', () => undefined],
  ['breaks off', ({ socket }) => void socket.destroy()],
  [
    'does not say how long it is',
    (_, response) => {
      response.write('in');
      response.end('parts');
    },
  ],
])('has no status where the answer %s', async (_, answer) => {
  const { send } = await before(answer);
  expect((await send()).status).toBe(0);
});
