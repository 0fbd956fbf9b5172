import { Redis, type RedisOptions } from 'ioredis';

/**
 * `redis://user:password@host:port`, over TLS as `rediss`, or the Sentinels of a Redis and the name they have for it:
 * `redis+sentinel://user:password@sentinel:26379,sentinel:26379/name`. The user is one of Redis; Sentinels are asked without.
 */
export const REDIS_URL = /^rediss?:\/\/\S+$|^rediss?\+sentinel:\/\/[^/\s]+\/[^/?\s]+$/;

const SENTINELS = /^(rediss?)\+sentinel:\/\/(?:([^:@/]*):([^@/]*)@)?([^/@]+)\/([^/?]+)$/;
const SENTINEL_PORT = 26_379;

/** Connects to a Redis. Throws for a URL of Sentinels without a name. */
export function connectRedis(url: string, options: RedisOptions): Redis {
  return url.includes('+sentinel:')
    ? new SentinelRedis({ ...options, ...sentinelOptions(url, options) })
    : new Redis(url, options);
}

/**
 * Connects again where ioredis (5.11) gives up for good: Sentinels that tell of a failover while it is asking them for the master
 * make its detector break that off, which counts as a wish to be disconnected.
 */
class SentinelRedis extends Redis {
  #isWanted = true;

  constructor(options: RedisOptions) {
    super(options);
    this.on('end', () => {
      if (this.#isWanted) this.connect().catch(() => undefined);
    });
  }

  override disconnect(reconnect = false): void {
    this.#isWanted = reconnect;
    super.disconnect(reconnect);
  }
}

/** Exported for its spec. */
export function sentinelOptions(url: string, { retryStrategy }: RedisOptions = {}): RedisOptions {
  const [, protocol, username = '', password = '', hosts = '', name] = SENTINELS.exec(url) ?? [];
  if (!name)
    throw new TypeError('A URL of Redis Sentinels ends with the name they have for their master: …:26379/souk.');
  return {
    name,
    sentinels: hosts.split(',').map(addressOf),
    ...(username && { username: decodeURIComponent(username), password: decodeURIComponent(password) }),
    ...(protocol === 'rediss' && { tls: {}, enableTLSForSentinelMode: true }),
    // Of a master that is frozen, not dead, no connection is ever closed.
    failoverDetector: true,
    ...(retryStrategy && { sentinelRetryStrategy: retryStrategy }),
  };
}

function addressOf(address: string): { host: string; port: number } {
  const [, host = address, port = SENTINEL_PORT] = /^(.+):(\d+)$/.exec(address) ?? [];
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}
