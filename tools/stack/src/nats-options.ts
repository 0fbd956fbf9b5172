import type { ConnectionOptions } from '@nats-io/nats-core';

/** What `connect` has to be told of a NATS URL, or of several with commas: the client takes who it is as options only. */
export function natsOptions(url: string): ConnectionOptions {
  const urls = url.split(',').map((each) => new URL(each.includes('://') ? each : `nats://${each}`));
  const { username = '', password } = urls[0] ?? {};
  return { servers: urls.map(({ host }) => host), ...(username !== '' && { user: username, pass: password }) };
}
