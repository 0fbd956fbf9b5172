import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { EnvError, parseEnv, type ServiceEnv } from './env.ts';
import { HealthService } from './health.service.ts';
import { HttpDrain } from './http-drain.ts';
import { createLogger, followLogLevel, NestLogger } from './logger.ts';
import { subscribeMetrics } from './metrics.module.ts';
import { prettyLog } from './pretty-log.ts';
import { logRequests } from './request-log.ts';

/** Longer than any request may take, shorter than what an orchestrator waits before it kills. */
const DRAIN_LIMIT_MS = 9_000;

/**
 * Connections that may wait to be accepted, as far as the system allows (Linux: 4096). Of those above it some hang for
 * seconds, so a busy moment must fit in; Node's own 511 did not hold 2,000 requests a second on new connections.
 */
const BACKLOG = 4_096;

export interface AppDefinition<S extends z.ZodType<ServiceEnv>> {
  name: string;
  /** The folder of the app's `.env`. */
  home: string;
  env: S;
  module: (env: z.output<S>) => DynamicModule;
  /** Serves the contracts of the app; resolved from its module. */
  transport?: Type<CustomTransportStrategy>;
  adapter?: (env: z.output<S>) => FastifyAdapter;
  configure?: (app: NestFastifyApplication, env: z.output<S>) => Promise<void>;
  /** A second, private HTTP listener. */
  ops?: (env: z.output<S>, main: INestApplicationContext) => { module: DynamicModule; port: number };
}

/** Starts an app, and stops it on SIGTERM or SIGINT after what it has begun. */
export async function bootstrap<S extends z.ZodType<ServiceEnv>>(definition: AppDefinition<S>): Promise<void> {
  try {
    const env = readEnv(definition);
    const pretty = await prettyLog({ isTTY: process.stdout.isTTY, env });
    const logger = createLogger(definition.name, env.LOG_LEVEL, pretty);
    exitOnFatal(logger);
    followLogLevel(logger);
    logRequests(logger);
    subscribeMetrics();
    await start(definition, env, logger, await tracingOf(definition.name, env));
  } catch (error) {
    process.stderr.write(`${error instanceof EnvError ? error.message : describe(error)}\n`);
    process.exit(1);
  }
}

function readEnv<S extends z.ZodType<ServiceEnv>>({ home, env }: AppDefinition<S>): z.output<S> {
  const file = join(home, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
  return parseEnv(env, process.env);
}

/** Answers how to send what was recorded last. Not even loaded where there is nobody to send it to. */
async function tracingOf(service: string, env: ServiceEnv): Promise<() => Promise<void>> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: share } = env;
  if (endpoint === undefined) return async () => undefined;
  const { startTracing } = await import('./tracing.ts');
  return startTracing({ service, endpoint, share });
}

async function start<S extends z.ZodType<ServiceEnv>>(
  app: AppDefinition<S>,
  env: z.output<S>,
  logger: Logger,
  flush: () => Promise<void>,
) {
  const nestLogger = new NestLogger(logger);
  // Fastify parses JSON itself; Nest's parsers would add forms, which nothing here takes.
  const options = { logger: nestLogger, abortOnError: false, bodyParser: false } as const;
  const main = await NestFactory.create<NestFastifyApplication>(
    app.module(env),
    app.adapter?.(env) ?? new FastifyAdapter(),
    options,
  );
  const parts: Part[] = [{ app: main, drain: new HttpDrain(main.getHttpServer()) }];
  const transport = app.transport && main.get(app.transport);
  stopOnSignal({ parts, transport, flush }, logger);
  if (transport) main.connectMicroservice({ strategy: transport }, { inheritAppConfig: true });
  await app.configure?.(main, env);
  await main.init();
  await main.startAllMicroservices();
  await main.listen({ port: env.PORT, host: env.HOST, backlog: BACKLOG });
  const ops = app.ops?.(env, main);
  if (ops) parts.push(await listenPrivately(ops, env.HOST, options));
  logger.info({ url: await main.getUrl() }, `${app.name} is ready`);
}

async function listenPrivately(
  { module, port }: { module: DynamicModule; port: number },
  host: string,
  options: object,
) {
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), options);
  await app.listen(port, host);
  return { app, drain: new HttpDrain(app.getHttpServer()) };
}

/** One HTTP listener of the process. */
interface Part {
  app: NestFastifyApplication;
  drain: HttpDrain;
}

/** What is stopped, in this order. */
interface Running {
  transport: CustomTransportStrategy | undefined;
  parts: Part[];
  flush: () => Promise<void>;
}

function stopOnSignal({ parts, transport, flush }: Running, logger: Logger): void {
  const stop = async (signal: string) => {
    const start = performance.now();
    logger.info({ signal }, 'draining');
    setTimeout(() => process.exit(1), DRAIN_LIMIT_MS).unref();
    parts[0]?.app.get(HealthService).drain();
    // What runs still needs the bus and the stores, which are closed with the apps.
    await Promise.all([transport?.close(), ...parts.map(({ drain }) => drain.run())]);
    for (const { app } of parts) await app.close();
    await flush().catch(() => undefined);
    logger.info({ milliseconds: Math.round(performance.now() - start) }, 'drained');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
}

// A rejection that nobody handles leaves the process in a state that nobody designed.
function exitOnFatal(logger: Logger): void {
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'unexpected failure, stopping');
    process.exit(1);
  });
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
