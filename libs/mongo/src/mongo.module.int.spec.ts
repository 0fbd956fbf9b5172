import { connect as dial, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { Test } from '@nestjs/testing';
import { getModelToken, MongooseModule } from '@nestjs/mongoose';
import { AppError } from '@souk/contracts';
import { HealthService, PlatformModule } from '@souk/platform';
import { type Model, Schema } from 'mongoose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isDuplicateKey, storeError } from './mongo.errors.ts';
import { MongoModule } from './mongo.module.ts';
import { testMongoUrl } from './testing/index.ts';

interface Thing {
  _id: string;
  name: string;
}

const schema = new Schema<Thing>({ _id: String, name: { type: String, unique: true } });

async function open(url: string) {
  const module = await Test.createTestingModule({
    imports: [PlatformModule, MongoModule.forRoot(url), MongooseModule.forFeature([{ name: 'Thing', schema }])],
  }).compile();
  await module.init();
  closing.push(() => module.close());
  return { things: module.get<Model<Thing>>(getModelToken('Thing')), health: module.get(HealthService) };
}

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A link to the store that can be told to swallow everything. */
async function blackHole(url: string) {
  const { host, hostname, port } = new URL(url);
  const link = { swallow: false, url: '' };
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = dial(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => void (link.swallow || to.write(chunk)));
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  link.url = url.replace(host, `127.0.0.1:${address.port}`);
  return link;
}

describe('MongoModule', () => {
  it('has built the unique indexes when the process begins', async () => {
    const { things } = await open(testMongoUrl('indexes'));
    await things.insertOne({ _id: '1', name: 'a' });
    const refusal = await things.insertOne({ _id: '2', name: 'a' }).catch((error: unknown) => error);
    expect(isDuplicateKey(refusal)).toBe(true);
    expect(isDuplicateKey(new Error('E11000'))).toBe(false);
  });

  it('does not start when a unique index cannot be built, and names the model', async () => {
    const url = testMongoUrl('broken');
    const { things } = await open(url);
    await things.collection.dropIndexes();
    await things.insertMany([
      { _id: '1', name: 'a' },
      { _id: '2', name: 'a' },
    ]);
    await expect(open(url)).rejects.toThrow(/indexes of Thing/);
  });

  it(
    'gives a store that does not answer up in time, as SERVICE_UNAVAILABLE, and uses it again when it does',
    { timeout: 30_000 },
    async () => {
      const link = await blackHole(testMongoUrl('silent'));
      const { things, health } = await open(link.url);
      await things.insertOne({ _id: '1', name: 'a' });
      link.swallow = true;
      // Without a limit of the client's own this would outlive the test by minutes.
      const failure = await things.findOne({ _id: '1' }).lean().catch(storeError);
      expect(failure).toBeInstanceOf(AppError);
      expect(failure).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfter: 1 });
      expect((await health.ready()).degraded).toEqual(['mongodb']);
      link.swallow = false;
      await vi.waitFor(
        async () => expect(await things.findOne({ _id: '1' }).lean()).toMatchObject({ name: 'a' }),
        10_000,
      );
    },
  );

  it('refuses a filter field that the schema does not know', async () => {
    const { things } = await open(testMongoUrl('strict'));
    await expect(things.find({ unknown: 1 } as object).lean()).rejects.toThrow(/strict/i);
  });

  it('takes an operator from outside for a value', async () => {
    const { things } = await open(testMongoUrl('operators'));
    await things.insertOne({ _id: '1', name: 'a' });
    const name: unknown = JSON.parse('{"$gt":""}');
    await expect(things.findOne({ name } as object).lean()).rejects.toThrow(/Cast/);
  });
});
