import { MongoClient, MongoServerError } from 'mongodb';
import { databaseOf, type Passwords } from './access.ts';

const TRY_MS = 2_000;

/** Connects for `work`, a short one. */
export async function onStore<T>(url: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: TRY_MS, connectTimeoutMS: TRY_MS });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/**
 * Makes the user who may make others. A store that asks for passwords lets nobody in who has none but once, for this
 * (MongoDB's localhost exception).
 */
export async function createOperator(client: MongoClient, users: Passwords): Promise<void> {
  await setUser(client, 'operator', users.get('operator'), { role: 'root', db: 'admin' });
}

/** Gives each service a user who may read and write its own database, and no other. */
export async function createServiceUsers(client: MongoClient, users: Passwords): Promise<void> {
  for (const [user, password] of users) {
    if (user === 'operator') continue;
    await setUser(client, user, password, { role: 'readWrite', db: databaseOf(user) });
  }
}

/** Whether the password was wrong, or there is no such user. */
export function isLockedOut(error: unknown): boolean {
  return error instanceof MongoServerError && error.codeName === 'AuthenticationFailed';
}

async function setUser(client: MongoClient, user: string, pwd: string | undefined, role: { role: string; db: string }) {
  const admin = client.db('admin');
  const details = { pwd, roles: [role] };
  try {
    await admin.command({ createUser: user, ...details });
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== ALREADY_EXISTS) throw error;
    await admin.command({ updateUser: user, ...details });
  }
}

/** MongoDB's `Location51003`. */
const ALREADY_EXISTS = 51_003;
