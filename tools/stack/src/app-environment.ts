import type { AppName } from './arguments.ts';
import type { Credentials } from './credentials.ts';

/** The services behind the apps. */
export type BackingName = 'nats' | 'mongo' | 'redis';

/** The backing services each app is told of. */
export const BACKING_OF: Record<AppName, readonly BackingName[]> = {
  gateway: ['nats', 'redis'],
  user: ['nats', 'mongo'],
  product: ['nats', 'mongo'],
  order: ['nats', 'mongo'],
};

/** What the apps are told, before it is divided among them. */
export type AppSettings = {
  natsUrl: string;
  mongoUrl: string;
  redisUrl: string | undefined;
  credentials: Credentials;
  /** The caller's environment, of which a few knobs are passed on and nothing else. */
  env: NodeJS.ProcessEnv;
};

export type AppAddress = { host: string; port: number; opsPort: number };

/** The whole environment of one app. */
export function appEnvironment(app: AppName, address: AppAddress, settings: AppSettings): Record<string, string> {
  const { env, natsUrl } = settings;
  return {
    NODE_ENV: 'development',
    HOST: address.host,
    PORT: String(address.port),
    NATS_URL: natsUrl,
    LOG_LEVEL: env['LOG_LEVEL'] ?? 'info',
    ...OWN[app](settings, address),
  };
}

const OWN: Record<AppName, (settings: AppSettings, address: AppAddress) => Record<string, string>> = {
  gateway: ({ redisUrl, credentials, env }, { opsPort }) => ({
    OPS_PORT: String(opsPort),
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    JWT_SECRET: credentials.jwtSecret,
    RATE_LIMIT_FACTOR: env['RATE_LIMIT_FACTOR'] ?? '1',
    TRUST_PROXY: 'loopback',
  }),
  user: ({ mongoUrl, credentials }) => ({
    MONGODB_URL: withDatabase(mongoUrl, 'souk_user'),
    JWT_SECRET: credentials.jwtSecret,
    ADMIN_EMAIL: credentials.adminEmail,
    ADMIN_PASSWORD: credentials.adminPassword,
  }),
  product: ({ mongoUrl, env }) => ({
    MONGODB_URL: withDatabase(mongoUrl, 'souk_product'),
    CURRENCY: env['CURRENCY'] ?? 'USD',
  }),
  order: ({ mongoUrl }) => ({ MONGODB_URL: withDatabase(mongoUrl, 'souk_order') }),
};

/**
 * A MongoDB URL with another database. Not by `URL`: it refuses a list of hosts. Who logs in does so where the URL
 * said before: its database is the default of `authSource`.
 */
export function withDatabase(url: string, database: string): string {
  const [, server = url, before = '', query = ''] = /^([^/]+\/\/[^/?]+)(?:\/([^?]*))?(?:\?(.*))?$/.exec(url) ?? [];
  const options = new URLSearchParams(query);
  if (before !== '' && server.includes('@') && !options.has('authSource')) options.set('authSource', before);
  return `${server}/${database}${options.size > 0 ? `?${options}` : ''}`;
}
