import type { DestinationStream } from 'pino';
import type { ServiceEnv } from './env.ts';

interface Place {
  isTTY: boolean;
  env: Pick<ServiceEnv, 'NODE_ENV'>;
  /** Where the lines go; the terminal itself by default. */
  destination?: NodeJS.WritableStream;
}

/**
 * Lines for a person, where one looks on: the program was started by hand, to develop. Everybody else is written JSON, and has no
 * pino-pretty, which is a development dependency.
 */
export async function prettyLog({ isTTY, env, destination }: Place): Promise<DestinationStream | undefined> {
  if (!isTTY || env.NODE_ENV !== 'development') return undefined;
  const { default: pretty } = await import('pino-pretty');
  return pretty({
    sync: true,
    ignore: 'pid,hostname',
    translateTime: 'HH:MM:ss.l',
    ...(destination && { destination }),
  });
}
