import { APPS, natsConfiguration, type Passwords, redisUsers, type User } from '@souk/stack';

/** Where a password belongs in a file that is committed; `deploy/secrets.sh` puts it there, or NATS does. */
const placeholder = (user: User): string => `$${user.toUpperCase()}_PASSWORD`;

const users = (...names: User[]): Passwords => new Map(names.map((name) => [name, placeholder(name)]));

const HEADER = '# Written by `npm run deploy:write` from the contracts; a test compares.\n';

/** The files of a deployment that say who may do what, by their paths in `deploy/`. */
export function accessFiles(): Record<string, string> {
  const nats = natsConfiguration('0.0.0.0:4222', '0.0.0.0:8222', users('operator', ...APPS));
  return {
    // NATS takes a name that begins with $ for a variable only where it is not quoted.
    'nats/nats.conf': HEADER + nats.replaceAll(/"(\$[A-Z]+_PASSWORD)"/g, '$1'),
    // Redis knows no comments here.
    'redis/users.acl': redisUsers(users('operator', 'gateway')),
  };
}
