import { randomBytes } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { getModelToken } from '@nestjs/mongoose';
import { catalogueChanged, type NewProduct, type OrderLine, ProductQuery, type Reservation } from '@souk/contracts';
import { testMongoUrl } from '@souk/mongo/testing';
import { RpcClient } from '@souk/rpc';
import { NatsServer } from '@souk/rpc/testing';
import type { Model } from 'mongoose';
import type { z } from 'zod';
import { ProductEnv } from '../env.ts';
import { ProductModule } from '../product.module.ts';
import { PRODUCT, type ProductDocument } from '../product.schema.ts';
import { ProductService } from '../product.service.ts';
import { HoldSweeper } from '../hold.sweeper.ts';
import { OrderClient } from '../order.client.ts';
import { ReservationService } from '../reservation.service.ts';
import { RestockService } from '../restock.service.ts';
import { StockAnnouncer } from '../stock-announcer.ts';

export const newId = () => randomBytes(12).toString('hex');
export const newOrderId = () => randomBytes(16).toString('hex');

export const widget = (fields: Partial<NewProduct> = {}): NewProduct => ({
  name: 'Widget',
  price: 2_999,
  category: 'Electronics',
  stock: 100,
  ...fields,
});

export const query = (fields: z.input<typeof ProductQuery> = {}): ProductQuery => ProductQuery.parse(fields);

/** The product service on a database and a broker of its own. */
export async function startProduct() {
  const nats = await NatsServer.start();
  const env = ProductEnv.parse({ NATS_URL: nats.url, MONGODB_URL: testMongoUrl('product') });
  const app = await NestFactory.createApplicationContext(ProductModule.with(env), {
    logger: false,
    abortOnError: false,
  });
  const model = app.get<Model<ProductDocument>>(getModelToken(PRODUCT));
  const reservations = app.get(ReservationService);
  const announced: string[][] = [];
  app.get(RpcClient).subscribe(catalogueChanged, ({ tags }) => announced.push(tags));

  const stored = async (id: string): Promise<ProductDocument> => {
    const product = await model.findOne({ _id: id }).lean<ProductDocument>().orFail();
    return product;
  };
  const reserve = (items: OrderLine[], orderId = newOrderId(), userId = newId()): Promise<Reservation> =>
    reservations.reserve({ orderId, userId, items });

  let closing: Promise<void> | undefined;
  const close = () => (closing ??= app.close());

  return {
    model,
    announced,
    products: app.get(ProductService),
    announcer: app.get(StockAnnouncer),
    orders: app.get(OrderClient),
    sweeper: app.get(HoldSweeper),
    restocks: app.get(RestockService),
    reservations,
    stored,
    reserve,
    /** Reserves what must be there. */
    hold: async (items: OrderLine[], orderId?: string): Promise<Reservation & { outcome: 'held' }> => {
      const reservation = await reserve(items, orderId);
      if (reservation.outcome !== 'held') throw new Error(`not held: ${JSON.stringify(reservation)}`);
      return reservation;
    },
    /** Closes the service; what it still has to say is in `announced` afterwards. */
    close,
    [Symbol.asyncDispose]: async () => {
      await close();
      await nats.stop();
    },
  };
}
export type Rig = Awaited<ReturnType<typeof startProduct>>;

/** The code of the error `work` fails with. */
export async function codeOf(work: Promise<unknown>): Promise<unknown> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Error && 'code' in error ? error.code : error;
}
