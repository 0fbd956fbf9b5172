import { MongoClient } from 'mongodb';
import { now } from '../clients/http.ts';
import type { LedgerRow, OrderRow, ProductRow, Samples } from './evidence.ts';

type UserRow = { _id: string; email: string };

/** What the services have written, read from the store itself and not through a proxy. */
export class Store {
  readonly #client: MongoClient;
  readonly samples: Samples = { taken: 0, negative: [] };

  private constructor(client: MongoClient) {
    this.#client = client;
  }

  static async open(url: string): Promise<Store> {
    return new Store(await MongoClient.connect(url, { timeoutMS: 10_000 }));
  }

  products(): Promise<ProductRow[]> {
    return this.#products()
      .find({}, { projection: { stock: 1, holds: 1 } })
      .toArray();
  }

  ledger(): Promise<LedgerRow[]> {
    return this.#client.db('souk_product').collection<LedgerRow>('stock_ledger').find().toArray();
  }

  /** Orders without tombstones. */
  async orders(): Promise<OrderRow[]> {
    const rows = await this.#client.db('souk_order').collection<OrderRow>('orders').find().toArray();
    return rows.filter(({ _id }) => !_id.startsWith('void:'));
  }

  async emails(): Promise<string[]> {
    const users = await this.#client.db('souk_user').collection<UserRow>('users').find().toArray();
    return users.map(({ email }) => email);
  }

  /** Whether nothing is under way any more: no hold, no order on its way to `cancelled`. */
  async isQuiet(): Promise<boolean> {
    const held = await this.#products().countDocuments({ 'holds.0': { $exists: true } });
    const orders = this.#client.db('souk_order').collection('orders');
    return held === 0 && (await orders.countDocuments({ status: 'cancelling' })) === 0;
  }

  /** Looks at all stocks once. While the store is down there is nothing to see. */
  async sample(): Promise<void> {
    const rows = await this.#products()
      .find({}, { projection: { stock: 1 }, timeoutMS: 1_000 })
      .toArray()
      .catch(() => []);
    if (rows.length === 0) return;
    this.samples.taken += 1;
    const at = now();
    for (const { _id, stock } of rows) if (stock < 0) this.samples.negative.push({ productId: _id, stock, at });
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #products() {
    return this.#client.db('souk_product').collection<ProductRow>('products');
  }
}
