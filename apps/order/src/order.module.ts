import { type DynamicModule, Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { MongoModule } from '@souk/mongo';
import { opsModule, PlatformModule } from '@souk/platform';
import { RpcModule } from '@souk/rpc';
import type { OrderEnv } from './env.ts';
import { OrderController } from './order.controller.ts';
import { AttemptResolver } from './attempt.resolver.ts';
import { OrderMover } from './order.mover.ts';
import { OrderSweeper } from './order.sweeper.ts';
import { OrderPlacer } from './order.placer.ts';
import { ORDERS, OrderRepository, TOMBSTONES } from './order.repository.ts';
import { OrderSchema, TombstoneSchema } from './order.schema.ts';
import { OrderService } from './order.service.ts';
import { ProductClient } from './product.client.ts';
import { Settler } from './settler.ts';

@Module({})
export class OrderModule {
  static with(env: OrderEnv): DynamicModule {
    return {
      module: OrderModule,
      imports: [
        PlatformModule,
        opsModule('order'),
        RpcModule.forRoot({ name: 'order', url: env.NATS_URL, maxInFlight: env.MAX_IN_FLIGHT }),
        MongoModule.forRoot(env.MONGODB_URL),
        MongooseModule.forFeature([
          { name: ORDERS, schema: OrderSchema },
          { name: TOMBSTONES, schema: TombstoneSchema },
        ]),
      ],
      controllers: [OrderController],
      providers: [
        OrderRepository,
        OrderService,
        OrderPlacer,
        OrderMover,
        OrderSweeper,
        AttemptResolver,
        ProductClient,
        Settler,
      ],
    };
  }
}
