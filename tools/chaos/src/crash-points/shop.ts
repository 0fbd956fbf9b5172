import { createHash, randomBytes } from 'node:crypto';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import {
  type CallInput,
  type Contract,
  type Order,
  orderContracts,
  productContracts,
  type Reply,
} from '@souk/contracts';
import { testMongoUrl } from '@souk/mongo/testing';
import { NatsServer } from '@souk/rpc/testing';
import { type Db, MongoClient } from 'mongodb';
import { type Service, ServiceProcess } from './service-process.ts';

export const STOCK = 10;
export const QUANTITY = 2;

interface Hold {
  attempt: string;
  q: number;
}
interface ProductRow {
  _id: string;
  stock: number;
  holds: Hold[];
}
interface OrderRow {
  _id: string;
  userId: string;
  attempt: string;
  status?: Order['status'];
  currency: string;
  fingerprint: string;
  items: { productId: string; name: string; price: number; quantity: number }[];
  total: number;
  createdAt: Date;
  history: { status: Order['status']; at: Date }[];
}

/** Order and product service on a broker and databases of their own, called as the gateway calls them. */
export class Shop {
  readonly userId = randomBytes(12).toString('hex');
  readonly orderId = randomBytes(16).toString('hex');
  readonly #services = new Map<Service, ServiceProcess>();

  readonly #broker: NatsServer;
  readonly #bus: NatsConnection;
  readonly #mongo: MongoClient;
  readonly #urls: Record<Service, string>;

  private constructor(broker: NatsServer, bus: NatsConnection, mongo: MongoClient, urls: Record<Service, string>) {
    this.#broker = broker;
    this.#bus = bus;
    this.#mongo = mongo;
    this.#urls = urls;
  }

  static async open(): Promise<Shop> {
    const broker = await NatsServer.start();
    const name = randomBytes(4).toString('hex');
    const urls = { order: testMongoUrl(`order-${name}`), product: testMongoUrl(`product-${name}`) };
    return new Shop(broker, await connect({ servers: broker.url }), await MongoClient.connect(urls.order), urls);
  }

  /** Starts a service, or starts it again; with `step` it will be killed there. */
  async start(service: Service, step?: string): Promise<ServiceProcess> {
    const env = { NATS_URL: this.#broker.url, MONGODB_URL: this.#urls[service], NODE_ENV: 'test' };
    const started = await ServiceProcess.start(service, env, step);
    this.#services.set(service, started);
    return started;
  }

  /** One call as anybody may make it; undefined when it was refused or nobody answered. */
  async call<C extends Contract>(contract: C, input: CallInput<C>): Promise<Reply<C> | undefined> {
    try {
      const reply = await this.#bus.request(contract.subject, JSON.stringify(input), { timeout: contract.timeoutMs });
      return contract.output.parse(reply.json()) as Reply<C>;
    } catch {
      return undefined;
    }
  }

  async addProduct(stock = STOCK): Promise<string> {
    const input = { name: 'Widget', price: 2_999, category: 'Electronics', stock };
    const product = await this.call(productContracts.create, input);
    if (!product) throw new Error('the product could not be made');
    return product.id;
  }

  place(productIds: string[]): Promise<Reply<typeof orderContracts.place> | undefined> {
    const items = productIds.map((productId) => ({ productId, quantity: QUANTITY }));
    return this.call(orderContracts.place, { orderId: this.orderId, userId: this.userId, items });
  }

  cancel(): Promise<Order | undefined> {
    return this.call(orderContracts.cancel, { orderId: this.orderId, userId: this.userId });
  }

  products(): Promise<ProductRow[]> {
    return this.#db('product').collection<ProductRow>('products').find().toArray();
  }

  /** Orders without tombstones. */
  async orders(): Promise<OrderRow[]> {
    const rows = await this.#db('order').collection<OrderRow>('orders').find().toArray();
    return rows.filter(({ status }) => status !== undefined);
  }

  /** The order that an attempt would have become, written as the order service would have. */
  async insertOrder(attempt: string, productIds: string[]): Promise<void> {
    const createdAt = new Date();
    const items = productIds.map((productId) => ({ productId, name: 'Widget', price: 2_999, quantity: QUANTITY }));
    const lines = productIds.toSorted().map((productId) => [productId, QUANTITY]);
    const fingerprint = createHash('sha256').update(JSON.stringify(lines)).digest('hex');
    const order = { _id: this.orderId, userId: this.userId, attempt, fingerprint, currency: 'USD' };
    const history = [{ status: 'confirmed' as const, at: createdAt }];
    await this.#db('order')
      .collection<OrderRow>('orders')
      .insertOne({ ...order, status: 'confirmed', items, total: 5_998, createdAt, history });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#services.values()].map((service) => service.stop()));
    for (const service of ['order', 'product'] as const) await this.#db(service).dropDatabase();
    await Promise.all([this.#bus.close(), this.#mongo.close()]);
    await this.#broker.stop();
  }

  #db(service: Service): Db {
    return this.#mongo.db(new URL(this.#urls[service]).pathname.slice(1));
  }
}
