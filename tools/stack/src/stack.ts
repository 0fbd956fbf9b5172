import { join } from 'node:path';
import { chooseAddresses } from './addresses.ts';
import { origin, planApp, planNginx, type EntryPoint } from './app-plans.ts';
import { APPS, type Options } from './arguments.ts';
import { planBacking, resolveBacking } from './backing-servers.ts';
import type { Context } from './context.ts';
import { credentials, type Credentials } from './credentials.ts';
import { demoCatalogue } from './demo-catalogue.ts';
import { proportionalSetSize } from './memory.ts';
import { nginxBinary } from './nginx.ts';
import { privateDirectory } from './paths.ts';
import { PortBook } from './port-book.ts';
import type { ProcessEntry } from './run-state.ts';
import { seed } from './seed.ts';
import { Supervisor } from './supervisor.ts';

/** What a stack is made of and where; `entryPoint` is a seam for specs. */
export type StackSettings = {
  options: Options;
  context: Context & { signal: AbortSignal };
  /** The data directory, claimed already. */
  data: string;
  logs: string;
  stateFile: string;
  /** Draw free ports instead of the usual ones. */
  anyPort: boolean;
  build: () => Promise<void>;
  entryPoint: EntryPoint;
};

/** A stack that runs. */
export type Summary = {
  baseUrl: string;
  gatewayUrl: string;
  opsUrl: string;
  natsUrl: string;
  mongoUrl: string;
  redisUrl: string | undefined;
  credentials: Credentials;
  processes: ProcessEntry[];
  /** Memory of the apps together, in bytes; undefined where the system does not say. */
  appMemory: number | undefined;
  loaded: number;
  stateFile: string;
  logs: string;
};

/** The whole system on this machine. */
export class Stack {
  readonly #settings: StackSettings;
  readonly #supervisor: Supervisor;
  readonly #ports = new PortBook();

  constructor(settings: StackSettings) {
    const { data, stateFile, context } = settings;
    this.#settings = settings;
    this.#supervisor = new Supervisor({ data, state: stateFile }, context.say, context.signal);
  }

  /** Starts everything in the order of who needs whom. */
  async start(): Promise<Summary> {
    const { options, context, data, logs, anyPort, build, entryPoint } = this.#settings;
    privateDirectory(logs);
    const found = await resolveBacking(context);
    const withNginx = nginxBinary() !== undefined;
    const addresses = await chooseAddresses({ ...options, withNginx, anyPort }, this.#ports, context.say);
    const { plans, urls } = planBacking(found, addresses, data, logs, context.env);
    const account = credentials(data);
    const settings = {
      natsUrl: urls.nats,
      mongoUrl: urls.mongo,
      redisUrl: urls.redis,
      credentials: account,
      env: context.env,
    };
    const app = (name: (typeof APPS)[number]) => planApp(name, addresses, settings, logs, entryPoint);

    await this.#phase('the backing services', () => Promise.all([this.#supervisor.start(plans), build()]));
    await this.#phase('user and product', () => this.#supervisor.start([...app('user'), ...app('product')]));
    await this.#phase('order', () => this.#supervisor.start(app('order')));
    await this.#phase('the gateway', () => this.#supervisor.start(app('gateway')));
    const { nginx } = addresses;
    if (nginx) {
      await this.#phase('Nginx', async () => this.#supervisor.start([await planNginx(nginx, addresses, data, logs)]));
    }
    const loaded = await this.#seed(urls.nats, account);
    const [gateway] = addresses.apps.gateway.map((address) => ({ url: origin(address), opsPort: address.opsPort }));
    if (!gateway) throw new Error('there is no gateway');
    return {
      baseUrl: nginx ? origin(nginx) : gateway.url,
      gatewayUrl: gateway.url,
      opsUrl: `http://127.0.0.1:${gateway.opsPort}`,
      natsUrl: urls.nats,
      mongoUrl: urls.mongo,
      redisUrl: urls.redis,
      credentials: account,
      processes: this.#supervisor.entries(),
      appMemory: proportionalSetSize(this.#appPids()),
      loaded,
      stateFile: this.#settings.stateFile,
      logs,
    };
  }

  /** Stops everything that was started, however far that went. */
  async stop(): Promise<void> {
    await this.#supervisor.stop();
    this.#ports.close();
  }

  async #phase(title: string, work: () => Promise<unknown>): Promise<void> {
    const { say, signal } = this.#settings.context;
    signal.throwIfAborted();
    say(`starting ${title}`);
    await work();
    signal.throwIfAborted();
  }

  async #seed(natsUrl: string, account: Credentials): Promise<number> {
    const { options, context } = this.#settings;
    if (!options.seed) return 0;
    context.say('looking whether the shop has a catalogue');
    return seed(natsUrl, demoCatalogue(), account);
  }

  #appPids(): number[] {
    const apps: readonly string[] = APPS;
    return this.#supervisor.entries().flatMap(({ name, pid }) => (apps.includes(name) ? [pid] : []));
  }
}

/** The usual place of the logs. */
export function logDirectory(souk: string): string {
  return join(souk, 'logs');
}
