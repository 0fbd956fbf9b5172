import { randomBytes } from 'node:crypto';
import { APP, type AppName, APPS, type BackingName } from './apps.ts';

/** Who may use a backing service: the apps it is for, and whoever looks after it. */
export type User = AppName | 'operator';

/** The users of one backing service with their passwords. */
export type Passwords = ReadonlyMap<User, string>;

/** The users of every backing service. */
export type Access = Readonly<Record<BackingName, Passwords>>;

/**
 * Draws the passwords of a run. Only the store's operator keeps one, because the store remembers its users longer than a
 * run lasts.
 */
export function drawAccess(storeOperator: string): Access {
  const mongo = passwords('mongo').set('operator', storeOperator);
  return { nats: passwords('nats'), redis: passwords('redis'), mongo };
}

/** A secret that needs no escaping in a URL. */
export function secret(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

/** The database of an app that has one. Throws for one who has none. */
export function databaseOf(user: User): string {
  if (user === 'operator' || !APP[user].backing.includes('mongo')) throw new Error(`${user} has no database`);
  return `souk_${user}`;
}

/** The URL with which a user comes in. Throws for one who has no business there. */
export function urlAs(url: string, user: User, users: Passwords): string {
  const password = users.get(user);
  if (password === undefined) throw new Error(`${user} is no user of ${url}`);
  return url.replace('://', `://${user}:${password}@`);
}

function passwords(service: BackingName): Map<User, string> {
  const users: User[] = ['operator', ...APPS.filter((app) => APP[app].backing.includes(service))];
  return new Map(users.map((user) => [user, secret(18)]));
}
