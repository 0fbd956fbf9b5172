import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Test } from '@nestjs/testing';
import { getModelToken, MongooseModule } from '@nestjs/mongoose';
import type { StoreCall } from '@souk/contracts';
import { PlatformModule, runInContext } from '@souk/platform';
import { type Model, Schema } from 'mongoose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { MongoModule } from './mongo.module.ts';
import { testMongoUrl } from './testing/index.ts';

const Command = z.object({ command: z.string() });
const Pool = z.object({ size: z.number(), inUse: z.number(), waiting: z.number() });
const schema = new Schema<{ _id: string }>({ _id: String });

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function listenTo(channel: string): unknown[] {
  const heard: unknown[] = [];
  const listener = (message: unknown) => heard.push(message);
  subscribe(channel, listener);
  closing.push(() => unsubscribe(channel, listener));
  return heard;
}

async function open() {
  const module = await Test.createTestingModule({
    imports: [
      PlatformModule,
      MongoModule.forRoot(testMongoUrl('monitor')),
      MongooseModule.forFeature([{ name: 'Thing', schema }]),
    ],
  }).compile();
  await module.init();
  closing.push(() => module.close());
  return module.get<Model<{ _id: string }>>(getModelToken('Thing'));
}

describe('what is announced of the store', () => {
  it('is each command, with its collection, time and outcome', async () => {
    const commands = listenTo('souk:mongo:command');
    const things = await open();
    await things.insertOne({ _id: '1' });
    await things.findOne({ _id: '1' });
    await things.collection
      .aggregate([{ $nonsense: 1 }])
      .toArray()
      .catch(() => undefined);
    expect(commands.filter((each) => Command.parse(each).command !== 'create')).toMatchObject([
      { command: 'insert', collection: 'things', outcome: 'ok', seconds: expect.any(Number) },
      { command: 'find', collection: 'things', outcome: 'ok', seconds: expect.any(Number) },
      { command: 'aggregate', collection: 'things', outcome: 'failed', seconds: expect.any(Number) },
    ]);
  });

  it('goes with the request it was for, though many share a connection', async () => {
    const things = await open();
    const asked = async (times: number) => {
      const storeCalls: StoreCall[] = [];
      await runInContext({ requestId: `request-${times}`, storeCalls }, async () => {
        for (let time = 0; time < times; time++) await things.findOne({ _id: '1' });
      });
      return storeCalls.map(({ command, outcome }) => `${command} ${outcome}`);
    };
    const each = await Promise.all(Array.from({ length: 30 }, (_, times) => asked(times)));
    for (const [times, calls] of each.entries()) expect(calls).toEqual(Array(times).fill('find things ok'));
  });

  it('is how many connections there are, are used and are waited for', async () => {
    const pools = listenTo('souk:mongo:pool');
    const checkouts = listenTo('souk:mongo:checkout');
    const things = await open();
    const most = (of: 'size' | 'inUse' | 'waiting') => Math.max(...pools.map((pool) => Pool.parse(pool)[of]));
    // A look four times a second may meet the moment between two crowds.
    const end = performance.now() + 10_000;
    while (!(most('waiting') + most('inUse') > 10) && performance.now() < end) {
      await Promise.all(Array.from({ length: 40 }, () => things.findOne({ _id: '1' })));
    }
    expect(most('waiting') + most('inUse')).toBeGreaterThan(10);
    expect(most('size')).toBeLessThanOrEqual(10);
    await vi.waitFor(() => expect(pools.at(-1)).toEqual({ size: most('size'), inUse: 0, waiting: 0 }));
    expect(checkouts.length).toBeGreaterThanOrEqual(40);
    expect(checkouts[0]).toEqual({ outcome: 'ok', seconds: expect.any(Number) });
  });
});
