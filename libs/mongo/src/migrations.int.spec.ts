import { mongo } from 'mongoose';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { migrate, type Migration, MigrationLost } from './migrations.ts';
import { testMongoUrl } from './testing/index.ts';

const client = new mongo.MongoClient(testMongoUrl('migrations'));
const db = client.db();
const numbers = db.collection<{ _id: number; seen: number }>('numbers');
const LEASE = { leaseMs: 300 };
const ROWS = 20;

beforeEach(async () => {
  await db.collection('migrations').deleteMany({});
  await numbers.deleteMany({});
  await numbers.insertMany(Array.from({ length: ROWS }, (_, _id) => ({ _id, seen: 0 })));
});
afterAll(async () => {
  await db.dropDatabase();
  await client.close();
});

/** Counts each row once more, and dies after `dieAfter` of them. */
const counting = (dieAfter = Infinity): Migration => ({
  id: '2026-11-30-count',
  run: async (store, from, save) => {
    for (let _id = from === null ? 0 : Number(from) + 1; _id < ROWS; _id++) {
      if (_id >= dieAfter) throw new Error('killed');
      await store.collection<{ _id: number }>('numbers').updateOne({ _id }, { $inc: { seen: 1 } });
      await save(_id);
    }
  },
});
const seen = async () => (await numbers.find().toArray()).map((row) => row.seen);
const each = (times: number) => Array.from({ length: ROWS }, () => times);

it('runs once, however many replicas begin at once, and all of them wait until it is done', async () => {
  const waited = await Promise.all(
    Array.from({ length: 5 }, async () => {
      await migrate(db, [counting()], LEASE);
      return seen();
    }),
  );
  expect(waited).toEqual(Array.from({ length: 5 }, () => each(1)));
});

it('does not run again when a service starts the next time', async () => {
  await migrate(db, [counting()], LEASE);
  await migrate(db, [counting()], LEASE);
  expect(await seen()).toEqual(each(1));
});

it('goes on where it was cut off', async () => {
  await expect(migrate(db, [counting(7)], LEASE)).rejects.toThrow('killed');
  expect((await seen()).filter((times) => times === 1)).toHaveLength(7);
  await migrate(db, [counting()], LEASE);
  expect(await seen()).toEqual(each(1));
});

it('is taken over from a replica that falls silent, which then learns that it was', async () => {
  const awake = Promise.withResolvers<void>();
  const sleepy: Migration = {
    id: '2026-11-30-count',
    run: async (_store, _from, save) => {
      await save(3);
      await awake.promise;
      await save(4);
    },
  };
  const first = migrate(db, [sleepy], LEASE);
  const position = async () => (await db.collection('migrations').findOne())?.['position'];
  await vi.waitFor(async () => expect(await position()).toBe(3));
  await migrate(db, [counting()], LEASE);
  awake.resolve();
  await expect(first).rejects.toThrow(MigrationLost);
  expect(await seen()).toEqual(each(1).fill(0, 0, 4));
});

it('keeps their order, and begins none while the one before it is not done', async () => {
  const ran: string[] = [];
  const named = (id: string): Migration => ({ id, run: async () => void ran.push(id) });
  const failing: Migration = { id: '2', run: () => Promise.reject(new Error('no')) };
  await expect(migrate(db, [named('1'), failing, named('3')], LEASE)).rejects.toThrow('no');
  expect(ran).toEqual(['1']);
});
