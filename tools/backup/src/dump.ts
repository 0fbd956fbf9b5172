import { once } from 'node:events';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { BSON, type ClientSession, type Collection, type Db, MongoClient, MongoServerError } from 'mongodb';

/** The databases of the services; orders first, see `backUp`. */
const FIRST = 'souk_order';
const OURS = /^souk_/;
/** Documents that are sent to the store at once. */
const BATCH = 1_000;
const TIMEOUT_MS = 30_000;

/** What was written or read: documents of each collection, `souk_order.orders` for example. */
export type Counts = Record<string, number>;

type Say = (line: string) => void;

/** A directory that is no backup, or a store that has something in it already. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/**
 * Writes the databases of the services into a directory, as `mongodump` does: `<database>/<collection>.bson` and its indexes beside
 * it, which `mongorestore` reads, too. All of one moment where the store has snapshots; else nobody may write meanwhile.
 */
export async function backUp(url: string, directory: string, say: Say): Promise<Counts> {
  if (existsSync(directory) && readdirSync(directory).length > 0) throw new BackupError(`${directory} is not empty.`);
  return onStore(url, async (client) => {
    const session = await snapshot(client, say);
    const counts: Counts = {};
    for (const name of await databases(client)) {
      for (const collection of await client.db(name).collections()) {
        counts[collection.namespace] = await dump(collection, join(directory, name), session);
        say(`${collection.namespace}: ${counts[collection.namespace]}`);
      }
    }
    await session?.endSession();
    return counts;
  });
}

/**
 * Puts a backup into a store that has none of its databases; with `drop` they are removed first. Throws `BackupError`.
 */
export async function restore(url: string, directory: string, { drop }: { drop: boolean }, say: Say): Promise<Counts> {
  const names = existsSync(directory) ? readdirSync(directory).filter((name) => OURS.test(name)) : [];
  if (names.length === 0) throw new BackupError(`${directory} has no backup in it.`);
  return onStore(url, async (client) => {
    const there = (await databases(client)).filter((name) => names.includes(name));
    if (there.length > 0 && !drop)
      throw new BackupError(`The store has ${there.join(', ')} already: --drop removes them.`);
    for (const name of there) await client.db(name).dropDatabase();
    const counts: Counts = {};
    for (const name of names) Object.assign(counts, await restoreDatabase(client.db(name), join(directory, name), say));
    return counts;
  });
}

async function onStore<T>(url: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = await MongoClient.connect(url, { serverSelectionTimeoutMS: TIMEOUT_MS });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/**
 * Orders first: what is sold while we look is then in the backup as a hold without an order, which the sweeper gives back, and never
 * as an order without its stock.
 */
async function databases(client: MongoClient): Promise<string[]> {
  const { databases: all } = await client.db('admin').admin().listDatabases({ nameOnly: true });
  const ours = all.map(({ name }) => name).filter((name) => OURS.test(name));
  return ours.toSorted((a, b) => Number(b === FIRST) - Number(a === FIRST) || a.localeCompare(b));
}

/** A session in which everything is read as of one moment; undefined where the store has no such thing. */
async function snapshot(client: MongoClient, say: Say): Promise<ClientSession | undefined> {
  const session = client.startSession({ snapshot: true });
  try {
    await client.db(FIRST).collection('orders').findOne({}, { session });
    return session;
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error;
    await session.endSession();
    say('This store has no snapshots: nobody may write until this is done.');
    return undefined;
  }
}

async function dump(collection: Collection, directory: string, session: ClientSession | undefined): Promise<number> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, collection.collectionName);
  const indexes = await collection.indexes();
  const metadata = { indexes, collectionName: collection.collectionName, type: 'collection' };
  writeFileSync(`${file}.metadata.json`, BSON.EJSON.stringify(metadata), { mode: 0o600 });
  const output = createWriteStream(`${file}.bson`, { mode: 0o600 });
  let count = 0;
  for await (const document of collection.find({}, { raw: true, ...(session && { session }) })) {
    // With `raw` it is the document's bytes, whatever the type says.
    if (!output.write(document)) await once(output, 'drain');
    count++;
  }
  output.end();
  await finished(output);
  return count;
}

async function restoreDatabase(db: Db, directory: string, say: Say): Promise<Counts> {
  const counts: Counts = {};
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.bson'))) {
    const collection = db.collection(file.replace(/\.bson$/, ''));
    let count = 0;
    for await (const batch of batchesOf(join(directory, file))) {
      await collection.insertMany(batch);
      count += batch.length;
    }
    await restoreIndexes(collection, join(directory, file.replace(/bson$/, 'metadata.json')));
    counts[collection.namespace] = count;
    say(`${collection.namespace}: ${count}`);
  }
  return counts;
}

async function restoreIndexes(collection: Collection, file: string): Promise<void> {
  const { indexes } = BSON.EJSON.parse(readFileSync(file, 'utf8'));
  for (const { key, v: _version, ns: _namespace, ...options } of indexes) {
    if (options.name !== '_id_') await collection.createIndex(key, options);
  }
}

/** The documents of a `.bson` file: one after the other, each beginning with its length. */
async function* batchesOf(file: string): AsyncGenerator<BSON.Document[]> {
  let batch: BSON.Document[] = [];
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file)) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= rest.readInt32LE()) {
      const length = rest.readInt32LE();
      // Numbers keep the width they had: 64 bits of a counter do not come back as 32.
      batch.push(BSON.deserialize(rest.subarray(0, length), { promoteValues: false }));
      rest = rest.subarray(length);
      if (batch.length === BATCH) {
        yield batch;
        batch = [];
      }
    }
  }
  if (rest.length > 0) throw new BackupError(`${file} ends in the middle of a document.`);
  if (batch.length > 0) yield batch;
}
