import { parseArgs, type ParseArgsConfig } from 'node:util';
import { type AppName, APPS, eachApp } from './apps.ts';

/** What the command line asks for. */
export type Options = {
  help: boolean;
  json: boolean;
  seed: boolean;
  /** Whether Prometheus runs beside it. */
  observe: boolean;
  /** Whether apps are compiled and restarted as their sources change. */
  watch: boolean;
  /** The app whose first replica a debugger may attach to. */
  inspect: AppName | undefined;
  host: string;
  /** The public port; undefined: the usual one, or a free one when that is taken. */
  port: number | undefined;
  data: string | undefined;
  exec: string | undefined;
  replicas: Record<AppName, number>;
};

/** A command line that makes no sense; the message says what would. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `npm run up -- [options]         starts the whole system on this machine; Ctrl-C stops it

  --exec '<command>'            run a command against a fresh, private stack, stop it, return the command's status
  --replicas gateway=3,user=2   how many of each app to run (${APPS.join(', ')})
  --observe                     run Prometheus beside it, on port 9090
  --watch                       compile and restart an app when its source changes (npm run dev)
  --inspect <app>               let a debugger attach to an app, on port 9229
  --no-seed                     do not load the demo catalogue and the demo user
  --data <dir>                  where the data lives (default .souk/data)
  --port <n>                    the public port (default 8080 with Nginx, else 3000)
  --host <address>              where the public port listens (default 127.0.0.1)
  --json                        print the summary as JSON
  --help                        print this

npm run restart -- --help         restarts processes of the running stack`;

const OPTIONS = {
  exec: { type: 'string' },
  replicas: { type: 'string' },
  observe: { type: 'boolean' },
  watch: { type: 'boolean' },
  inspect: { type: 'string' },
  'no-seed': { type: 'boolean' },
  data: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the command line. Throws `UsageError`. */
export function parseArguments(args: string[]): Options {
  const { values } = readCommandLine({ args, options: OPTIONS, strict: true }, HELP);
  return {
    help: values.help ?? false,
    json: values.json ?? false,
    seed: !values['no-seed'],
    observe: values.observe ?? false,
    watch: values.watch ?? false,
    inspect: values.inspect === undefined ? undefined : appOf('--inspect', values.inspect),
    host: values.host ?? '127.0.0.1',
    port: values.port === undefined ? undefined : portOf(values.port),
    data: values.data,
    exec: values.exec,
    replicas: replicasOf(values.replicas ?? ''),
  };
}

/** `parseArgs` of Node, whose refusals become a `UsageError` that ends with the help. */
export function readCommandLine<C extends ParseArgsConfig>(config: C, help: string): ReturnType<typeof parseArgs<C>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message.split('. ')[0] : error}.\n\n${help}`);
  }
}

function appOf(option: string, text: string): AppName {
  const app = APPS.find((one) => one === text);
  if (app) return app;
  throw new UsageError(`${option} ${text}: the apps are ${APPS.join(', ')}.`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new UsageError(`--port ${text}: a port is a whole number from 1 to 65535.`);
}

function replicasOf(text: string): Record<AppName, number> {
  const replicas = eachApp(() => 1);
  for (const part of text.split(',').filter((part) => part !== '')) {
    const [name, count] = /^(\w+)=([1-9]\d?)$/.exec(part)?.slice(1) ?? [];
    const app = APPS.find((one) => one === name);
    if (!app) throw new UsageError(`--replicas ${part}: write <app>=<1 to 99>, the apps being ${APPS.join(', ')}.`);
    replicas[app] = Number(count);
  }
  return replicas;
}
