import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Link } from './link.ts';

/** What one side of a connection has seen. */
class Peer {
  readonly socket: Socket;
  text = '';
  hasEnded = false;
  error: string | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (data) => {
      this.text += data.toString();
    });
    socket.once('end', () => {
      this.hasEnded = true;
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      this.error = error.code;
    });
  }
}

let server: Server;
let accepted: Peer[];
let link: Link;

beforeEach(async () => {
  accepted = [];
  server = createServer({ allowHalfOpen: true }, (socket) => accepted.push(new Peer(socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  link = await Link.open({ host: '127.0.0.1', port });
});

afterEach(async () => {
  await link.close();
  for (const { socket } of accepted) socket.destroy();
  server.close();
});

async function client(): Promise<Peer> {
  const socket = connect({ ...link.address, allowHalfOpen: true });
  await once(socket, 'connect');
  return new Peer(socket);
}

async function pair(): Promise<{ near: Peer; far: Peer }> {
  const before = accepted.length;
  const near = await client();
  near.socket.write('hello ');
  const far = await vi.waitUntil(() => accepted[before]);
  await vi.waitUntil(() => far.text === 'hello ');
  return { near, far };
}

/** Long enough for what is not held back to have arrived: the loopback takes less than a millisecond. */
async function roundTrip(): Promise<void> {
  const other = connect((server.address() as AddressInfo).port);
  await once(other, 'connect');
  other.destroy();
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a link', () => {
  it('carries both directions', async () => {
    const { near, far } = await pair();
    far.socket.write('welcome');
    await expect.poll(() => near.text).toBe('welcome');
  });

  it('passes an end on and leaves the other direction open', async () => {
    const { near, far } = await pair();
    near.socket.end('bye');
    await vi.waitUntil(() => far.hasEnded);
    expect(far.text).toBe('hello bye');
    far.socket.end('still here');
    await vi.waitUntil(() => near.text === 'still here');
  });

  it('tells the client when the server breaks off', async () => {
    const { near, far } = await pair();
    far.socket.resetAndDestroy();
    await expect.poll(() => near.error).toBe('ECONNRESET');
    await vi.waitUntil(() => link.connections === 0);
  });

  it('resets the client when there is no server', async () => {
    const { port } = server.address() as AddressInfo;
    server.close();
    const orphan = await Link.open({ host: '127.0.0.1', port });
    const near = new Peer(connect(orphan.address));
    await expect.poll(() => near.error).toBe('ECONNRESET');
    await orphan.close();
  });

  it('keeps the order of what it delays', async () => {
    const { near, far } = await pair();
    link.delay(5, 20);
    const words = Array.from({ length: 50 }, (_, index) => `${index} `);
    for (const word of words) {
      near.socket.write(word);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => far.text, { timeout: 5_000 }).toBe(`hello ${words.join('')}`);
  });

  it('delivers what was delayed although its sender is gone by then', async () => {
    const { near, far } = await pair();
    link.delay(200, 0);
    near.socket.write('late');
    near.socket.destroySoon();
    await once(near.socket, 'close');
    expect(far.text).toBe('hello ');
    await vi.waitUntil(() => far.text === 'hello late');
    await vi.waitUntil(() => far.hasEnded);
  });

  it('holds bytes and connections in a black hole and lets them flow after the heal', async () => {
    const { near, far } = await pair();
    const heal = link.hold(['up', 'down']);
    near.socket.write('question');
    far.socket.write('answer');
    await roundTrip();
    expect([near.text, far.text]).toEqual(['', 'hello ']);
    heal();
    await vi.waitUntil(() => near.text === 'answer' && far.text === 'hello question');
  });

  it('loses only the replies in a one-way black hole', async () => {
    const { near, far } = await pair();
    const heal = link.hold(['down']);
    near.socket.write('question');
    far.socket.write('answer');
    await vi.waitUntil(() => far.text === 'hello question');
    await roundTrip();
    expect(near.text).toBe('');
    heal();
    await vi.waitUntil(() => near.text === 'answer');
  });

  it('resets all connections on both sides', async () => {
    const { near, far } = await pair();
    expect(link.reset()).toBe(1);
    await vi.waitUntil(() => near.error === 'ECONNRESET' && far.error === 'ECONNRESET');
  });

  it('half-closes towards the server while the server can still talk', async () => {
    const { near, far } = await pair();
    expect(link.halfClose('up')).toBe(1);
    await vi.waitUntil(() => far.hasEnded);
    near.socket.write('into the void');
    far.socket.write('answer');
    await vi.waitUntil(() => near.text === 'answer');
    expect([near.hasEnded, far.text]).toEqual([false, 'hello ']);
  });

  it('refuses new connections and keeps those it has', async () => {
    const { near, far } = await pair();
    const heal = link.refuse();
    const refused = new Peer(connect(link.address));
    await expect.poll(() => refused.error).toBe('ECONNRESET');
    near.socket.write('again');
    await expect.poll(() => far.text).toBe('hello again');
    heal();
    await pair();
  });
});
