import { databaseOf, type User } from './access.ts';
import type { AppName, BackingName } from './apps.ts';
import type { Credentials } from './credentials.ts';

/** What the apps are told, before it is divided among them. */
export type AppSettings = {
  /** The URL of a backing service for one of its users; undefined where there is no such service. */
  urlOf: (service: BackingName, user: User) => string | undefined;
  credentials: Credentials;
  /** The caller's environment, of which a few knobs are passed on and nothing else. */
  env: NodeJS.ProcessEnv;
};

/** The URLs of the backing services one process is told of. */
export type BackingUrls = Partial<Record<BackingName, string>>;

export type AppAddress = { host: string; port: number; opsPort: number };

/** The whole environment of one app. */
export function appEnvironment(
  app: AppName,
  address: AppAddress,
  urls: BackingUrls,
  settings: Pick<AppSettings, 'credentials' | 'env'>,
): Record<string, string> {
  const { env } = settings;
  return {
    NODE_ENV: 'development',
    HOST: address.host,
    PORT: String(address.port),
    LOG_LEVEL: env['LOG_LEVEL'] ?? 'info',
    ...given(env, 'OTEL_EXPORTER_OTLP_ENDPOINT'),
    ...backing(app, urls),
    ...OWN[app]?.(settings, address),
  };
}

function given(env: NodeJS.ProcessEnv, name: string): Record<string, string> {
  const value = env[name];
  return value === undefined ? {} : { [name]: value };
}

function backing(app: AppName, { nats, redis, mongo }: BackingUrls): Record<string, string> {
  return {
    ...(nats === undefined ? {} : { NATS_URL: nats }),
    ...(redis === undefined ? {} : { REDIS_URL: redis }),
    ...(mongo === undefined ? {} : { MONGODB_URL: withDatabase(mongo, databaseOf(app)) }),
  };
}

type OwnVariables = (settings: Pick<AppSettings, 'credentials' | 'env'>, address: AppAddress) => Record<string, string>;

/** What an app is told beyond what all are. */
const OWN: Partial<Record<AppName, OwnVariables>> = {
  gateway: ({ credentials, env }, { opsPort }) => ({
    OPS_PORT: String(opsPort),
    JWT_SECRET: credentials.jwtSecret,
    RATE_LIMIT_FACTOR: env['RATE_LIMIT_FACTOR'] ?? '1',
    ...given(env, 'CATALOGUE_TTL_MS'),
    ...given(env, 'CORS_ORIGINS'),
    TRUST_PROXY: 'loopback',
  }),
  user: ({ credentials }) => ({
    JWT_SECRET: credentials.jwtSecret,
    ADMIN_EMAIL: credentials.adminEmail,
    ADMIN_PASSWORD: credentials.adminPassword,
  }),
  product: ({ env }) => ({ CURRENCY: env['CURRENCY'] ?? 'USD' }),
};

/** Whether a MongoDB URL names a database. */
export const hasDatabase = (url: string): boolean => /^[^/]+\/\/[^/?]+\/[^?]/.test(url);

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
