import { services } from '@souk/contracts';
import { chooseAddresses, type Addresses } from './addresses.ts';
import { drawAccess } from './access.ts';
import type { AppAddress, AppSettings } from './app-environment.ts';
import { nginxDirectory, origin, planApp, planNginx, type EntryPoint, type Route, type Site } from './app-plans.ts';
import type { AppName } from './apps.ts';
import type { Options } from './arguments.ts';
import { planBacking, resolveBacking } from './backing-servers.ts';
import type { Context } from './context.ts';
import { Control } from './control.ts';
import { credentials, type Credentials } from './credentials.ts';
import { demoCatalogue } from './demo-catalogue.ts';
import { memoryOfApps } from './memory.ts';
import { gatewayHealth } from './gateway-health.ts';
import { GatewayRota } from './gateway-rota.ts';
import { NginxFront } from './nginx-front.ts';
import { nginxBinary } from './nginx.ts';
import { privateDirectory } from './paths.ts';
import { PortBook } from './port-book.ts';
import { planExporters } from './exporters.ts';
import { planPrometheus } from './prometheus.ts';
import { RollingRestart, type Restarted } from './rolling-restart.ts';
import type { ProcessEntry } from './run-state.ts';
import { seed } from './seed.ts';
import { Supervisor } from './supervisor.ts';

/** What a stack is made of and where; `entryPoint` and `route` are seams for specs and for chaos. */
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
  /** Default: each app is given the services' own URLs. */
  route?: Route;
};

/** A stack that runs. */
export type Summary = {
  baseUrl: string;
  gatewayUrl: string;
  /** The private port of the first gateway, and those of all. */
  opsUrl: string;
  opsUrls: string[];
  natsUrl: string;
  mongoUrl: string;
  /** Which MongoDB-wire server it is; they differ in speed. */
  mongoServer: string;
  redisUrl: string | undefined;
  /** With `--observe`. */
  prometheusUrl: string | undefined;
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
  readonly #watching = new AbortController();
  #rolling: RollingRestart | undefined;
  #control: Control | undefined;

  constructor(settings: StackSettings) {
    const { data, stateFile, context } = settings;
    this.#settings = settings;
    this.#supervisor = new Supervisor({ data, state: stateFile }, context.say, context.signal);
  }

  /** Starts everything in the order of who needs whom. */
  async start(): Promise<Summary> {
    const { options, context, data, logs, anyPort, build, entryPoint } = this.#settings;
    const { route = (_service, url) => url } = this.#settings;
    privateDirectory(logs);
    const found = await resolveBacking(context);
    const withNginx = nginxBinary() !== undefined;
    const addresses = await chooseAddresses({ ...options, withNginx, anyPort }, this.#ports, context.say);
    const site = { addresses, data, logs, env: context.env, inspect: options.inspect };
    const accounts = credentials(data);
    const { plans, urlOf, mongoServer } = planBacking(found, site, drawAccess(accounts.storePassword));
    const settings = { urlOf, credentials: accounts, env: context.env };
    const app = (name: AppName) => planApp(name, site, settings, { entryPoint, route });

    await this.#phase('the backing services', () => Promise.all([this.#supervisor.start(plans), build()]));
    await this.#phase('the services', async () =>
      this.#supervisor.start((await Promise.all(services.map(app))).flat()),
    );
    await this.#phase('the gateway', async () => this.#supervisor.start(await app('gateway')));
    if (withNginx) await this.#phase('Nginx', async () => this.#supervisor.start(await planNginx(site)));
    const exporters = planExporters(site, urlOf);
    if (exporters.length > 0) await this.#phase('the exporters', () => this.#supervisor.start(exporters));
    const prometheus = planPrometheus(site, exporters);
    if (prometheus.length > 0) await this.#phase('Prometheus', () => this.#supervisor.start(prometheus));
    await this.#openDoor(site);
    const urls = { ...publicUrls(addresses), ...operatorUrls(urlOf) };
    const loaded = options.seed ? await this.#seed(urls.natsUrl, accounts) : 0;
    const prometheusUrl = addresses.prometheus && origin(addresses.prometheus);
    return { ...urls, mongoServer, prometheusUrl, credentials: accounts, ...this.#running(), loaded };
  }

  /** All processes that run, with their pids of now. */
  entries(): ProcessEntry[] {
    return this.#supervisor.entries();
  }

  /**
   * Restarts all replicas of `name` one after the other, or only the one asked for, unnoticed by callers where there is
   * another replica; resolves when they are ready. Throws `UnknownProcess`, `BootError`, and before the stack is ready.
   */
  restart(name: string, replica?: number): Promise<Restarted[]> {
    if (!this.#rolling) throw new Error('the stack is not ready yet');
    return this.#rolling.restart(name, replica);
  }

  /** Notes the command that runs against this stack: the next `up` ends it too if this one is killed. */
  noteCommand(pid: number): void {
    this.#supervisor.note(pid);
  }

  /** Stops everything that was started, however far that went. */
  async stop(): Promise<void> {
    this.#watching.abort();
    await this.#control?.close();
    await this.#supervisor.stop();
    this.#ports.close();
  }

  async #openDoor(site: Site): Promise<void> {
    const { addresses, data } = site;
    const processes = () => this.#supervisor.processes();
    const master = () => processes().find(({ plan }) => plan.name === 'nginx')?.pid;
    const front = new NginxFront(nginxDirectory(site), master);
    const rota = addresses.nginx && new GatewayRota(addresses.apps.gateway, front, gatewayHealth);
    void rota?.watch(this.#watching.signal);
    this.#rolling = new RollingRestart(processes, this.#settings.context.say);
    this.#control = await Control.open(data, this);
    this.#supervisor.noteControl(this.#control.path);
  }

  async #phase(title: string, work: () => Promise<unknown>): Promise<void> {
    const { say, signal } = this.#settings.context;
    signal.throwIfAborted();
    say(`starting ${title}`);
    await work();
    signal.throwIfAborted();
  }

  #seed(natsUrl: string, account: Credentials): Promise<number> {
    this.#settings.context.say('looking whether the shop has a catalogue');
    return seed(natsUrl, demoCatalogue(), account);
  }

  #running(): Pick<Summary, 'processes' | 'appMemory' | 'stateFile' | 'logs'> {
    const { stateFile, logs } = this.#settings;
    const processes = this.entries();
    return { processes, appMemory: memoryOfApps(processes), stateFile, logs };
  }
}

function operatorUrls(urlOf: AppSettings['urlOf']): Pick<Summary, 'natsUrl' | 'mongoUrl' | 'redisUrl'> {
  const [natsUrl, mongoUrl] = [urlOf('nats', 'operator'), urlOf('mongo', 'operator')];
  if (natsUrl === undefined || mongoUrl === undefined) throw new Error('a stack has a bus and a store');
  return { natsUrl, mongoUrl, redisUrl: urlOf('redis', 'operator') };
}

function publicUrls({ nginx, apps }: Addresses): Pick<Summary, 'baseUrl' | 'gatewayUrl' | 'opsUrl' | 'opsUrls'> {
  const [gateway] = apps.gateway;
  if (!gateway) throw new Error('a stack has at least one gateway');
  const gatewayUrl = origin(gateway);
  return {
    baseUrl: nginx ? origin(nginx) : gatewayUrl,
    gatewayUrl,
    opsUrl: opsUrlOf(gateway),
    opsUrls: apps.gateway.map(opsUrlOf),
  };
}

const opsUrlOf = ({ opsPort: port }: AppAddress): string => origin({ host: '127.0.0.1', port });
