import { readFileSync } from 'node:fs';
import { LogLevel } from '@souk/contracts';
import { z } from 'zod';

const Port = z.coerce.number().int().min(0).max(65_535);

/** A list written with commas. */
export const commaList = z.string().transform((value) =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean),
);

/** What every app needs to know. */
export const serviceEnv = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('production'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: Port,
  NATS_URL: z.string().min(1).default('nats://127.0.0.1:4222'),
  /** What this process works on at once; more waits for a moment, or is refused. */
  MAX_IN_FLIGHT: z.coerce.number().int().min(1).max(10_000).default(32),
  /** An OTLP collector for traces, `http://host:4318`; without it none are recorded. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** Of the requests that bring no trace context, the share that is recorded. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  LOG_LEVEL: LogLevel.default('info'),
});
export type ServiceEnv = z.output<typeof serviceEnv>;

export const portOf = (fallback: number) => Port.default(fallback);
export const mongoUrl = z.string().regex(/^mongodb(\+srv)?:\/\/\S+$/, 'Use mongodb://host/database or mongodb+srv://…');

/** A variable is missing or wrong. The message names each of them, never its value. */
export class EnvError extends Error {
  override readonly name = 'EnvError';
}

/** What nobody should read in a process list or a container's description: each may be in a file that NAME_FILE names. */
const SECRETS = [
  'JWT_SECRET',
  'JWT_ACCEPTED_SECRETS',
  'JWT_PRIVATE_KEYS',
  'JWT_PUBLIC_KEYS',
  'NATS_URL',
  'REDIS_URL',
  'MONGODB_URL',
  'ADMIN_PASSWORD',
];

/**
 * Parses environment variables; an empty one counts as not set. Secrets may be in files (NAME_FILE, the convention of Docker's
 * official images). Throws `EnvError`.
 */
export function parseEnv<S extends z.ZodType>(schema: S, variables: NodeJS.ProcessEnv): z.output<S> {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const result = schema.safeParse({ ...set, ...secretsIn(set) });
  if (result.success) return result.data;
  throw wrong(result.error.issues.map(({ path, message }) => `${path.join('.') || 'environment'}: ${message}`));
}

const wrong = (lines: string[]) =>
  new EnvError(`Cannot start, the environment is wrong:\n${lines.map((line) => `  ${line}`).join('\n')}`);

function secretsIn(set: NodeJS.ProcessEnv): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const name of SECRETS) {
    const file = set[`${name}_FILE`];
    if (file === undefined) continue;
    if (set[name] !== undefined) throw wrong([`${name}_FILE: ${name} is set, too; set one of them.`]);
    secrets[name] = contentOf(`${name}_FILE`, file);
  }
  return secrets;
}

function contentOf(variable: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (error) {
    throw wrong([`${variable}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
