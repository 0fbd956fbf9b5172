import { busPermissions } from '@souk/contracts';
import type { Passwords, User } from './access.ts';

/**
 * Pings evict a frozen queue member in 2.4 to 3.2 s: calls of 2.4 s that it has swallowed have then failed within 6 s. The
 * write deadline evicts one that is sent more than its buffers hold.
 */
const LIMITS = ['ping_interval: "800ms"', 'ping_max: 2', 'write_deadline: "2s"', 'max_payload: 256KB'];

/** A service answers each message once, as long as somebody may still wait for it. */
const ANSWERS = { max: 1, expires: '10s' };

/** What a NATS server reads: where it listens, its limits, and who may do what. Nobody else gets in. */
export function natsConfiguration(listen: string, monitoring: string, users: Passwords): string {
  const entries = [...users].map(([user, password]) => entry(user, password));
  const authorization = `authorization: ${JSON.stringify({ users: entries }, null, 2)}`;
  return [`listen: "${listen}"`, `http: "${monitoring}"`, ...LIMITS, authorization, ''].join('\n');
}

function entry(user: User, password: string) {
  const { publish, subscribe, responds } = busPermissions(user);
  return {
    user,
    password,
    permissions: { publish, subscribe, ...(responds ? { allow_responses: ANSWERS } : {}) },
  };
}
