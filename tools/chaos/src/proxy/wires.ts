import type { BackingName, Route } from '@souk/stack';
import { Link, type Address } from './link.ts';

/** The way of one app process to one backing service. */
export type Wire = { name: string; app: string; replica: number; service: BackingName; link: Link };

/** Stands between every app process and every backing service. */
export class Wires {
  readonly #wires: Wire[] = [];

  /** Gives one replica a way of its own to a service. */
  readonly route: Route = async (service, url, app, replica) => {
    const link = await Link.open(addressIn(url));
    this.#wires.push({ name: `${app}-${replica}/${service}`, app, replica, service, link });
    return withAddress(url, link.address);
  };

  get all(): readonly Wire[] {
    return this.#wires;
  }

  /** Throws where there is none of this name (`order-1/mongo`). */
  named(name: string): Wire {
    const wire = this.#wires.find((wire) => wire.name === name);
    if (!wire) throw new Error(`there is no wire ${name}`);
    return wire;
  }

  async close(): Promise<void> {
    await Promise.all(this.#wires.map(({ link }) => link.close()));
  }
}

// The end tells a port from a password that begins with digits.
const HOST_PORT = /(?<=^[a-z]+:\/\/(?:[^@/]*@)?)([^@/?:]+):(\d+)(?=[/?]|$)/;

function addressIn(url: string): Address {
  const [, host, port] = HOST_PORT.exec(url) ?? [];
  if (host === undefined) throw new Error(`there is no host:port in ${url}`);
  return { host, port: Number(port) };
}

function withAddress(url: string, { host, port }: Address): string {
  return url.replace(HOST_PORT, `${host}:${port}`);
}
