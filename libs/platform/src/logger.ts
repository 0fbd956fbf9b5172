import { channel } from 'node:diagnostics_channel';
import type { LoggerService } from '@nestjs/common';
import { LogLevel } from '@souk/contracts';
import {
  type DestinationStream,
  type Logger,
  type LogFn,
  type LoggerOptions,
  destination as pinoDestination,
  pino,
} from 'pino';
import { redact, SECRET_FIELDS } from './redact.ts';
import { currentContext } from './request-context.ts';

const secretFields = SECRET_FIELDS.flatMap((key) => [key, `*.${key}`]);

/** From this level of pino's on, a line is written at once, with those that wait. */
const WARN = 40;
/** Characters and milliseconds for which other lines wait: a system call for each costs more than the line itself. */
const BATCH = { minLength: 4_096, periodicFlush: 100 } as const;

/** JSON lines on stdout, each with the app's name and the request it belongs to. */
export function createLogger(
  name: string,
  level: LoggerOptions['level'] = 'info',
  destination: DestinationStream & { flush?(): void } = standardOutput(),
): Logger {
  const options = {
    name,
    level,
    redact: { paths: secretFields, censor: '[redacted]' },
    hooks: {
      // A message or a stack may hold what no field says.
      streamWrite: redact,
      logMethod(args: Parameters<LogFn>, method: LogFn, lineLevel: number) {
        method.apply(this, args);
        if (lineLevel >= WARN) destination.flush?.();
      },
    },
    mixin: () => ({ requestId: currentContext()?.requestId }),
  };
  return pino(options, destination);
}

// Not `process.stdout`, whose stream costs more than the line.
function standardOutput() {
  const output = pinoDestination({ dest: process.stdout.fd, sync: true, ...BATCH });
  process.once('exit', () => output.flushSync());
  return output;
}

const levels = channel('souk:logLevel');

/** Sets the level of this process's log. */
export const setLogLevel = (level: LogLevel): void => levels.publish(level);

/** Has `logger` do as `setLogLevel` says. */
export const followLogLevel = (logger: Logger): void =>
  levels.subscribe((level) => {
    logger.level = LogLevel.parse(level);
  });

type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** Nest's own messages, written by pino. The last parameter Nest passes is the context, usually a class name. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log = (message: unknown, ...rest: unknown[]) => this.#write('info', message, rest);
  error = (message: unknown, ...rest: unknown[]) => this.#write('error', message, rest);
  warn = (message: unknown, ...rest: unknown[]) => this.#write('warn', message, rest);
  debug = (message: unknown, ...rest: unknown[]) => this.#write('debug', message, rest);
  verbose = (message: unknown, ...rest: unknown[]) => this.#write('trace', message, rest);
  fatal = (message: unknown, ...rest: unknown[]) => this.#write('fatal', message, rest);

  #write(level: Level, message: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    const err = message instanceof Error ? message : rest.find((part) => part instanceof Error);
    this.logger[level](
      { context, ...(err ? { err } : {}) },
      message instanceof Error ? message.message : String(message),
    );
  }
}
