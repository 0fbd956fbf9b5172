import type { Passwords, User } from './access.ts';

/**
 * What each user may do, in the words of Redis' ACL. Nothing that is dangerous to others, and no key of somebody else's;
 * INFO because ioredis asks it whether the server is ready. The cache keeps its keys in one hash slot: theirs begin with a brace;
 * and its scripts ask for the TIME.
 */
const RULES: Partial<Record<User, string>> = {
  operator: '~* &* +@all',
  gateway:
    '~souk:* ~{souk:* resetchannels +@read +@write +@scripting +@transaction +@connection -@dangerous +info +time',
};

/** The ACL file of a Redis in which these are the only users. */
export function redisUsers(users: Passwords): string {
  const lines = [...users].map(([user, password]) => `user ${user} on >${password} ${RULES[user] ?? ''}`);
  return ['user default off', ...lines, ''].join('\n');
}
