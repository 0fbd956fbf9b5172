import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpDrain } from './http-drain.ts';

const waiting: ServerResponse[] = [];
const server = () =>
  createServer((request, response) => {
    if (request.url === '/wait') waiting.push(response);
    else response.end('ok');
  });

let http = server();
let agent: Agent;

async function ask(path: string): Promise<IncomingMessage> {
  const { port } = http.address() as AddressInfo;
  return answerOf(get({ port, path, agent }));
}

async function answerOf(request: ReturnType<typeof get>): Promise<IncomingMessage> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response;
}

beforeEach(async () => {
  http = server();
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  waiting.length = 0;
  await once(http.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  agent.destroy();
  http.closeAllConnections();
});

describe('HttpDrain', () => {
  it('has nothing to wait for where no connection is open', async () => {
    await new HttpDrain(http).run();
    expect(http.listening).toBe(false);
  });

  it('closes a connection that has fallen silent', async () => {
    const drain = new HttpDrain(http);
    expect((await ask('/')).headers.connection).toBe('keep-alive');
    const closed = once(http, 'close');
    await drain.run();
    await closed;
  });

  it('answers what is under way and what still arrives on an open connection, and says that it closes', async () => {
    const drain = new HttpDrain(http);
    const { port } = http.address() as AddressInfo;
    const other = new Agent({ keepAlive: true });
    await answerOf(get({ port, path: '/', agent: other }));
    const arrived = once(http, 'request');
    const running = ask('/wait');
    await arrived;
    const drained = drain.run();
    const late = await answerOf(get({ port, path: '/', agent: other }));
    expect(late.statusCode).toBe(200);
    expect(late.headers.connection).toBe('close');
    waiting[0]?.end('done');
    expect((await running).headers.connection).toBe('close');
    await drained;
    other.destroy();
  });

  it('accepts no new connection', async () => {
    const drain = new HttpDrain(http);
    const { port } = http.address() as AddressInfo;
    await drain.run();
    await expect(answerOf(get({ port, path: '/' }))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
