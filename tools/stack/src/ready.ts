import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type MongoClient, MongoServerError } from 'mongodb';
import { urlAs, type Passwords } from './access.ts';
import type { Flavour } from './backing.ts';
import { createOperator, createServiceUsers, isLockedOut, onStore } from './store-users.ts';

const TRY_MS = 2_000;

/** Waits until `check` answers true; false when the time is up or `signal` was aborted. */
export async function until(check: () => Promise<boolean>, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  const over = () => Date.now() >= end || signal?.aborted === true;
  while (!over()) {
    if (await check()) return true;
    await delay(50);
  }
  return false;
}

/** Whether a backing server answers as its users need it to. Never throws. */
export async function serverReady(flavour: Flavour, url: string, users: Passwords): Promise<boolean> {
  return CHECKS[flavour](url, users).catch(() => false);
}

/** Whether an HTTP address answers 200. Never throws. */
export async function httpReady(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TRY_MS) }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.status === 200;
}

const CHECKS: Record<Flavour, (url: string, users: Passwords) => Promise<boolean>> = {
  nats: (url) => firstWords(url, '', 'INFO'),
  redis: (url, users) => firstWords(url, `AUTH operator ${users.get('operator')}\r\n`, '+OK'),
  mongod: mongodReady,
  secantus: mongodReady,
  'secantus-py': mongodReady,
};

function firstWords(url: string, say: string, expected: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const answer = (ready: boolean) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(TRY_MS, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('connect', () => socket.write(say));
    socket.once('data', (data) => answer(data.toString().startsWith(expected)));
  });
}

/** Ready is: takes writes and knows its users. What is missing for that is made on the way. */
async function mongodReady(url: string, users: Passwords): Promise<boolean> {
  try {
    return await onStore(urlAs(url, 'operator', users), async (client) => {
      if (!(await takesWrites(client, url))) return false;
      await createServiceUsers(client, users);
      return true;
    });
  } catch (error) {
    if (!isLockedOut(error)) throw error;
    await onStore(url, async (client) => {
      if (await takesWrites(client, url)) await createOperator(client, users);
    });
    return false;
  }
}

/** A mongod that is not a replica set yet is made one. */
async function takesWrites(client: MongoClient, url: string): Promise<boolean> {
  const hello = await client.db('admin').command({ hello: 1 });
  if (hello['isWritablePrimary'] === true) return true;
  if (hello['secondary'] !== true) await formReplicaSet(client, new URL(url).host);
  return false;
}

async function formReplicaSet(client: MongoClient, host: string): Promise<void> {
  const admin = client.db('admin');
  const members = [{ _id: 0, host }];
  try {
    await admin.command({ replSetInitiate: { _id: 'rs0', members } });
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.codeName !== 'AlreadyInitialized') throw error;
    // The data is from a run on another port: the only member has to be told its own address anew.
    const { config } = await admin.command({ replSetGetConfig: 1 });
    if (config.members[0].host === host) return;
    await admin.command({ replSetReconfig: { ...config, version: config.version + 1, members }, force: true });
  }
}
