import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DemoProduct } from './demo-catalogue.ts';
import { freePort } from './ports.ts';
import { serverReady, until } from './ready.ts';
import { seed } from './seed.ts';
import { CREDENTIALS } from './spec-support.ts';

const account = { ...CREDENTIALS, demoEmail: 'demo@souk.test', demoPassword: 'pw' };
const catalogue = Array.from({ length: 450 }, (_, n) => ({ id: String(n), name: `Thing ${n}` })) as DemoProduct[];

let url = '';
let server: ReturnType<typeof spawn>;

beforeAll(async () => {
  const port = await freePort();
  url = `nats://127.0.0.1:${port}`;
  server = spawn(process.env['TEST_NATS_SERVER'] ?? '', ['-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  await until(() => serverReady('nats', url, new Map()), 10_000);
});

afterAll(async () => {
  server.kill();
  await once(server, 'exit');
});

/** A shop on the bus that has some products and notes what it is sent. */
async function shop(items: unknown[], registration: string | undefined) {
  const bus = await connect({ servers: url });
  const imported: number[] = [];
  answer(bus, 'product.list', () => ({ items, nextCursor: null }));
  answer<{ products: unknown[] }>(bus, 'product.import', ({ products }) => {
    imported.push(products.length);
    return { created: products.length };
  });
  bus.subscribe('user.register', {
    callback: (_, message) => {
      const mark = headers();
      if (registration) mark.set('Nats-Service-Error', registration);
      message.respond(JSON.stringify({ code: registration }), { headers: mark });
    },
  });
  await bus.flush();
  return { imported, [Symbol.asyncDispose]: () => bus.close() };
}

function answer<Input>(bus: NatsConnection, subject: string, reply: (input: Input) => unknown): void {
  bus.subscribe(subject, {
    callback: (_, message) => void message.respond(JSON.stringify(reply(message.json<Input>()))),
  });
}

it('loads the catalogue into an empty shop, 200 products at a time', async () => {
  await using empty = await shop([], undefined);
  expect(await seed(url, catalogue, account)).toBe(450);
  expect(empty.imported).toEqual([200, 200, 50]);
});

it('leaves a shop alone that has products and a demo user', async () => {
  await using stocked = await shop([{ id: 'x' }], 'EMAIL_TAKEN');
  expect(await seed(url, catalogue, account)).toBe(0);
  expect(stocked.imported).toEqual([]);
});

it('does not go on when the demo user is refused for another reason', async () => {
  await using shut = await shop([{ id: 'x' }], 'VALIDATION_FAILED');
  await expect(seed(url, catalogue, account)).rejects.toThrow(/user.register was refused/);
  expect(shut.imported).toEqual([]);
});
