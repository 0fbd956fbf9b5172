import { orderEndpoints, productEndpoints } from '@souk/contracts';
import type { Random } from '../random.ts';
import type { Act, Client } from './client.ts';
import type { Market } from './market.ts';

const MOVES = ['pay', 'ship', 'deliver'] as const;

/** An admin: moves anybody's orders on, and fills the shelves. */
export class Clerk implements Client {
  readonly name: string;
  readonly #market: Market;
  readonly #random: Random;

  readonly acts: readonly Act[] = [
    { weight: 40, run: () => this.#move('pay') },
    { weight: 25, run: () => this.#move('ship') },
    { weight: 15, run: () => this.#move('deliver') },
    { weight: 20, run: () => this.#restock() },
  ];

  constructor(name: string, market: Market, random: Random) {
    this.name = name;
    this.#market = market;
    this.#random = random;
  }

  async #move(kind: (typeof MOVES)[number]): Promise<void> {
    const order = this.#market.receipt(this.#random, () => true);
    if (!order) return;
    const path = orderEndpoints[kind].path.replace(':id', order.orderId);
    await this.#market.admin.ask(this.name, { kind, orderId: order.orderId }, { method: 'POST', path });
  }

  async #restock(): Promise<void> {
    const { id: productId } = this.#random.pick(this.#market.wares);
    const stockDelta = this.#random.chance(0.85) ? this.#random.int(5, 40) : -this.#random.int(1, 5);
    const path = productEndpoints.update.path.replace(':id', productId);
    const request = { method: 'PATCH', path, body: { stockDelta } } as const;
    await this.#market.admin.ask(this.name, { kind: 'restock', productId, stockDelta }, request);
  }
}
