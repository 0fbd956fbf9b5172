import { APP, type AppName, APPS, eachApp } from './apps.ts';
import { UsageError, type Options } from './arguments.ts';
import type { AppAddress } from './app-environment.ts';
import type { PortBook } from './port-book.ts';

/** The servers that have exporters. */
export const EXPORTERS = ['nginx', 'redis', 'nats', 'mongodb'] as const;
export type ExporterName = (typeof EXPORTERS)[number];

const LOOPBACK = '127.0.0.1';
const USUAL = {
  nginx: 8080,
  ...eachApp((app) => APP[app].port),
  ops: 3004,
  nats: 4222,
  redis: 6379,
  mongo: 27017,
  prometheus: 9090,
};

type Usual = keyof typeof USUAL;

/** Where everything will listen. */
export type Addresses = {
  nginx: { host: string; port: number } | undefined;
  apps: Record<AppName, AppAddress[]>;
  nats: number;
  natsMonitoring: number;
  redis: number;
  mongo: number;
  prometheus: { host: string; port: number } | undefined;
  /** Ports of what tells Prometheus about the servers. */
  exporters: Record<ExporterName, number> | undefined;
  /** Where Nginx tells its exporter how it is. */
  nginxStatus: number | undefined;
};

type Wish = Pick<Options, 'host' | 'port' | 'replicas' | 'observe'> & { withNginx: boolean; anyPort: boolean };

/** Decides where everything listens: the usual ports when they are free, else free ones and a notice; `anyPort`: always free ones. */
export async function chooseAddresses(wish: Wish, book: PortBook, say: (line: string) => void): Promise<Addresses> {
  const usual = (name: Usual, host = LOOPBACK) =>
    wish.anyPort ? book.takeAny(host) : usualOrAny(name, host, book, say);
  const open = wish.withNginx ? 'nginx' : 'gateway';
  const openPort = wish.port === undefined ? await usual(open, wish.host) : await asked(wish.port, wish.host, book);
  const apps = eachApp((): AppAddress[] => []);
  for (const app of APPS) {
    for (let replica = 1; replica <= wish.replicas[app]; replica += 1) {
      const first = replica === 1;
      const isOpen = first && app === open;
      const port = isOpen ? openPort : await (first ? usual(app) : book.takeAny());
      const opsPort = app === 'gateway' ? await (first ? usual('ops') : book.takeAny()) : port;
      apps[app].push({ host: isOpen ? wish.host : LOOPBACK, port, opsPort });
    }
  }
  return {
    nginx: wish.withNginx ? { host: wish.host, port: openPort } : undefined,
    apps,
    nats: await usual('nats'),
    natsMonitoring: await book.takeAny(),
    redis: await usual('redis'),
    mongo: await usual('mongo'),
    prometheus: wish.observe ? { host: LOOPBACK, port: await usual('prometheus') } : undefined,
    exporters: wish.observe ? await exporterPorts(book) : undefined,
    nginxStatus: wish.observe && wish.withNginx ? await book.takeAny() : undefined,
  };
}

const exporterPorts = async (book: PortBook): Promise<Record<ExporterName, number>> => ({
  nginx: await book.takeAny(),
  redis: await book.takeAny(),
  nats: await book.takeAny(),
  mongodb: await book.takeAny(),
});

async function usualOrAny(name: Usual, host: string, book: PortBook, say: (line: string) => void): Promise<number> {
  if (await book.take(USUAL[name], host)) return USUAL[name];
  const port = await book.takeAny(host);
  say(`port ${USUAL[name]} is taken: ${name} listens on ${port}`);
  return port;
}

async function asked(port: number, host: string, book: PortBook): Promise<number> {
  if (await book.take(port, host)) return port;
  throw new UsageError(`--port ${port}: the port is taken on ${host}.`);
}
