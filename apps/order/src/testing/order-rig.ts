import { randomBytes, randomUUID } from 'node:crypto';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getModelToken, MongooseModule } from '@nestjs/mongoose';
import type { OrderLine, Reservation } from '@souk/contracts';
import { MongoModule } from '@souk/mongo';
import { testMongoUrl } from '@souk/mongo/testing';
import { PlatformModule, runInContext } from '@souk/platform';
import type { Model } from 'mongoose';
import { AttemptResolver } from '../attempt.resolver.ts';
import { OrderMover } from '../order.mover.ts';
import { OrderSweeper } from '../order.sweeper.ts';
import { OrderPlacer } from '../order.placer.ts';
import { ORDERS, OrderRepository, TOMBSTONES } from '../order.repository.ts';
import { type OrderDocument, OrderSchema, tombstoneOf, TombstoneSchema } from '../order.schema.ts';
import { OrderService } from '../order.service.ts';
import { ProductClient } from '../product.client.ts';
import { Settler } from '../settler.ts';
import { ScriptedProducts } from './scripted-products.ts';

/** What happens to one insert on its way to the store and back. */
export type Fault = (insert: () => Promise<void>, order: OrderDocument) => Promise<void>;

/** The repository over the real store, with scripted faults on the way: one for each insert, in turn. */
@Injectable()
export class FaultyOrders extends OrderRepository {
  faults: Fault[] = [];

  override insert(order: OrderDocument): Promise<void> {
    const insert = () => super.insert(order);
    return this.faults.shift()?.(insert, order) ?? insert();
  }
}

/** The order service on a database of its own; the product service is scripted. */
export async function startOrders() {
  const products = new ScriptedProducts();

  @Module({
    imports: [
      PlatformModule,
      MongoModule.forRoot(testMongoUrl('order')),
      MongooseModule.forFeature([
        { name: ORDERS, schema: OrderSchema },
        { name: TOMBSTONES, schema: TombstoneSchema },
      ]),
    ],
    providers: [
      OrderService,
      OrderPlacer,
      OrderMover,
      OrderSweeper,
      AttemptResolver,
      Settler,
      FaultyOrders,
      { provide: OrderRepository, useExisting: FaultyOrders },
      { provide: ProductClient, useValue: products },
    ],
  })
  class Orders {}

  const app = await NestFactory.createApplicationContext(Orders, { logger: false, abortOnError: false });
  const stored = app
    .get<Model<OrderDocument>>(getModelToken(ORDERS))
    .db.collection<{ _id: string } & Partial<OrderDocument>>('orders');
  return {
    products,
    placer: app.get(OrderPlacer),
    mover: app.get(OrderMover),
    sweeper: app.get(OrderSweeper),
    resolver: app.get(AttemptResolver),
    service: app.get(OrderService),
    repository: app.get(FaultyOrders),
    stored,
    /** Writes the order of another try past the service. */
    plant: async (order: OrderDocument) => {
      await stored.insertOne({ ...order });
    },
    /** What the sweeper writes for an abandoned attempt. */
    plantTombstone: async (attempt: string, userId: string) => {
      await stored.insertOne({ ...tombstoneOf(attempt, userId) });
    },
    [Symbol.asyncDispose]: () => app.close(),
  };
}
export type Rig = Awaited<ReturnType<typeof startOrders>>;

export const newId = () => randomBytes(12).toString('hex');
export const newOrderId = () => randomBytes(16).toString('hex');

/** A reservation of all of `items` at 29.99 each. */
export const held = (
  items: readonly OrderLine[],
  attempt: string = randomUUID(),
): Reservation & { outcome: 'held' } => ({
  outcome: 'held',
  attempt,
  currency: 'USD',
  lines: items.map((line) => ({ ...line, name: 'Widget', price: 2_999 })),
});

/** Runs `work` as a request with `ms` left. */
export const within = <T>(ms: number, work: () => Promise<T>): Promise<T> =>
  runInContext({ requestId: randomUUID(), deadline: Date.now() + ms }, work);
