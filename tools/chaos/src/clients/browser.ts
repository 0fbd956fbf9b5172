import { productEndpoints } from '@souk/contracts';
import type { Random } from '../random.ts';
import type { Act, Client } from './client.ts';
import type { Market } from './market.ts';

/** A visitor without an account: reads the catalogue, mostly out of a cache. */
export class Browser implements Client {
  readonly name: string;
  readonly #market: Market;
  readonly #random: Random;

  readonly acts: readonly Act[] = [
    { weight: 50, run: () => this.#get(`${productEndpoints.list.path}?limit=20`) },
    { weight: 40, run: () => this.#product() },
    { weight: 10, run: () => this.#get(productEndpoints.categories.path) },
  ];

  constructor(name: string, market: Market, random: Random) {
    this.name = name;
    this.#market = market;
    this.#random = random;
  }

  #product(): Promise<void> {
    return this.#get(productEndpoints.get.path.replace(':id', this.#random.pick(this.#market.wares).id));
  }

  async #get(path: string): Promise<void> {
    await this.#market.http.call(this.name, { kind: 'catalogue' }, { method: 'GET', path });
  }
}
