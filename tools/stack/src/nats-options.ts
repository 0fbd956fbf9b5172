import type { ConnectionOptions } from '@nats-io/nats-core';

/** What `connect` has to be told of a NATS URL: the client takes who it is as options only. */
export function natsOptions(url: string): ConnectionOptions {
  const { host, username, password } = new URL(url);
  return { servers: host, ...(username !== '' && { user: username, pass: password }) };
}
