import { cpSync, lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AppName,
  APPS,
  build,
  claim,
  entryPoint,
  parseArguments,
  privateStack,
  soukDirectory,
  Stack,
  sweepPrivateStacks,
  type Context,
  type Route,
  type Summary,
} from '@souk/stack';
import { Wires } from './proxy/wires.ts';

const REPLICAS = 2;

export type Layout = {
  /** Of each app, or of those named and one of the others; default 2. */
  replicas?: number | Partial<Record<AppName, number>>;
  /** Which ways (`order-1/mongo`) have a proxy on them; default all. */
  isWired?: (way: string) => boolean;
  /** Whether there is a Prometheus, and a catalogue; default neither. */
  isObserved?: boolean;
  isSeeded?: boolean;
  /** For the apps. */
  env?: Readonly<Record<string, string>>;
};

/** A shop of its own on this machine, with a proxy on every way to a backing service. */
export class System {
  readonly summary: Summary;
  readonly wires: Wires;
  /** Where its logs are until `stop`. */
  readonly directory: string;
  readonly stack: Stack;
  readonly #release: () => void;

  private constructor(directory: string, stack: Stack, wires: Wires, summary: Summary, release: () => void) {
    this.directory = directory;
    this.stack = stack;
    this.wires = wires;
    this.summary = summary;
    this.#release = release;
  }

  /** Throws what `Stack.start` throws; nothing is left running then. */
  static async start(say: (line: string) => void, signal: AbortSignal, layout: Layout = {}): Promise<System> {
    const context = { env: { ...environment(), ...layout.env }, souk: soukDirectory, say, signal };
    await sweepPrivateStacks(soukDirectory, say);
    const directory = privateStack(soukDirectory);
    const release = await claim(directory, say);
    const wires = new Wires();
    const { isWired = () => true } = layout;
    const route: Route = (service, url, app, replica) =>
      isWired(`${app}-${replica}/${service}`) ? wires.route(service, url, app, replica) : url;
    const stack = new Stack({
      ...settingsOf(context, directory, layout),
      route,
    });
    try {
      return new System(directory, stack, wires, await stack.start(), release);
    } catch (error) {
      await end(directory, stack, wires, release);
      throw error;
    }
  }

  /** The pid of now of `order-2`, `mongo`, …; undefined while there is none. */
  pidOf(name: string): number | undefined {
    return this.stack.entries().find((entry) => labelOf(entry) === name)?.pid;
  }

  /** Every process that faults may hit. Not Nginx: the promises are about what is behind it. */
  get processes(): string[] {
    return this.stack
      .entries()
      .filter(({ name }) => name !== 'nginx')
      .map(labelOf);
  }

  /** Stops all of it and removes its data; `keepIn`, a directory, gets a copy of logs and data. */
  stop(keepIn?: string): Promise<void> {
    return end(this.directory, this.stack, this.wires, this.#release, keepIn);
  }
}

// A socket cannot be copied, and nothing would answer on it.
const isFileOrDirectory = (path: string): boolean => {
  const entry = lstatSync(path);
  return entry.isFile() || entry.isDirectory();
};

async function end(directory: string, stack: Stack, wires: Wires, release: () => void, keepIn?: string): Promise<void> {
  await stack.stop();
  if (keepIn !== undefined) cpSync(directory, keepIn, { recursive: true, filter: isFileOrDirectory });
  await wires.close();
  rmSync(directory, { recursive: true, force: true });
  release();
}

function settingsOf(
  context: Context & { signal: AbortSignal },
  directory: string,
  { replicas: counts = REPLICAS, isObserved = false, isSeeded = false }: Layout,
) {
  const countOf = (app: AppName) => (typeof counts === 'number' ? counts : (counts[app] ?? 1));
  const replicas = APPS.map((app) => `${app}=${countOf(app)}`).join(',');
  return {
    options: { ...parseArguments(['--replicas', replicas]), seed: isSeeded, observe: isObserved },
    context,
    data: directory,
    logs: join(directory, 'logs'),
    stateFile: join(directory, 'stack.json'),
    anyPort: true,
    build: () => build(context),
    entryPoint,
  };
}

/** Servers of its own, whatever the caller works with. */
function environment(): NodeJS.ProcessEnv {
  const { NATS_URL: _nats, REDIS_URL: _redis, MONGODB_URL: _mongo, NODE_OPTIONS: _options, ...env } = process.env;
  return { ...env, RATE_LIMIT_FACTOR: '1000000', LOG_LEVEL: env['LOG_LEVEL'] ?? 'warn' };
}

function labelOf({ name, replica }: { name: string; replica: number }): string {
  return APPS.some((app) => app === name) ? `${name}-${replica}` : name;
}
