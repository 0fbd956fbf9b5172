import { spawnSync } from 'node:child_process';
import { MongoClient } from 'mongodb';
import { expect, it } from 'vitest';
import { drawAccess } from './access.ts';
import { serverReady } from './ready.ts';

const env = (name: string): string => process.env[name] ?? '';

it('gives specs a MongoDB-wire server that takes transactions', async () => {
  const client = new MongoClient(env('TEST_MONGODB_URL'));
  const things = client.db('stack_spec').collection('things');
  await things.deleteMany({});
  await client.withSession((session) =>
    session.withTransaction(async () => {
      await things.insertOne({ n: 1 }, { session });
    }),
  );
  expect(await things.countDocuments()).toBe(1);
  await client.close();
});

it('gives specs a Redis that answers', async () => {
  const { protocol, host, password } = new URL(env('TEST_REDIS_URL'));
  const url = `${protocol}//${host}`;
  expect(await serverReady('redis', url, new Map([['operator', password]]))).toBe(true);
  expect(await serverReady('redis', url, drawAccess('').redis)).toBe(false);
});

it('gives specs the paths of binaries that run', () => {
  expect(spawnSync(env('TEST_NATS_SERVER'), ['--version'], { encoding: 'utf8' }).stdout).toMatch(/v2\.\d+/);
  expect(spawnSync(env('TEST_REDIS_SERVER'), ['--version'], { encoding: 'utf8' }).stdout).toMatch(/v=[678]/);
});
