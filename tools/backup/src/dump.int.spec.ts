import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BSON, MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { backUp, restore } from './dump.ts';

const url = process.env['TEST_MONGODB_URL'] ?? '';
const quiet = () => undefined;
let client: MongoClient;
let directory: string;
const orders = () => client.db('souk_order').collection<{ _id: number | string }>('orders');
const places = () => client.db('souk_product').collection<BSON.Document>('things');

beforeAll(async () => {
  client = await MongoClient.connect(url);
});
afterAll(() => client.close());
beforeEach(async () => {
  directory = join(mkdtempSync(join(tmpdir(), 'souk-backup-')), 'dump');
  for (const name of ['souk_order', 'souk_product']) await client.db(name).dropDatabase();
  await orders().insertMany(Array.from({ length: 2_500 }, (_, _id) => ({ _id, text: 'x'.repeat(50) })));
  await orders().createIndex({ text: 1, _id: -1 }, { unique: true, name: 'by text' });
  return () => rmSync(join(directory, '..'), { recursive: true });
});

it('brings back every document, and the indexes with their names and rules', async () => {
  const before = { documents: await orders().find().toArray(), indexes: await orders().indexes() };
  expect(await backUp(url, directory, quiet)).toMatchObject({ 'souk_order.orders': 2_500 });
  await client.db('souk_order').dropDatabase();
  expect(await restore(url, directory, { drop: false }, quiet)).toMatchObject({ 'souk_order.orders': 2_500 });
  expect(await orders().find().toArray()).toEqual(before.documents);
  expect(await orders().indexes()).toEqual(before.indexes);
});

it('keeps the types of values', async () => {
  const values = {
    long: BSON.Long.fromString('9007199254740993'),
    double: new BSON.Double(1),
    int: new BSON.Int32(1),
    id: new BSON.ObjectId(),
    at: new Date(0),
    bytes: new BSON.Binary(Buffer.from('abc')),
    deep: { list: [null, true, 'ü'] },
  };
  const read = () => places().findOne({}, { promoteValues: false });
  await places().insertOne(values);
  const before = await read();
  await backUp(url, directory, quiet);
  await restore(url, directory, { drop: true }, quiet);
  expect(await read()).toEqual(before);
});

it('replaces nothing that is there unless told to, and then all of it', async () => {
  await backUp(url, directory, quiet);
  await orders().insertOne({ _id: 'later' });
  await expect(restore(url, directory, { drop: false }, quiet)).rejects.toThrow(/souk_order.*already: --drop/);
  expect(await orders().countDocuments()).toBe(2_501);
  await restore(url, directory, { drop: true }, quiet);
  expect(await orders().countDocuments()).toBe(2_500);
});

it('writes into no directory that has something in it, reads none that has nothing, and says where a file is cut off', async () => {
  await backUp(url, directory, quiet);
  await expect(backUp(url, directory, quiet)).rejects.toThrow('is not empty');
  await expect(restore(url, join(directory, 'nowhere'), { drop: true }, quiet)).rejects.toThrow('has no backup');
  appendFileSync(join(directory, 'souk_order/orders.bson'), Buffer.from([9, 0, 0, 0, 1]));
  await expect(restore(url, directory, { drop: true }, quiet)).rejects.toThrow('ends in the middle');
});
