import { type DynamicModule, Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { MongoModule } from '@souk/mongo';
import { opsModule, PlatformModule } from '@souk/platform';
import { RpcModule } from '@souk/rpc';
import { ENV, type ProductEnv } from './env.ts';
import { HoldSweeper } from './hold.sweeper.ts';
import { OrderClient } from './order.client.ts';
import { ProductController } from './product.controller.ts';
import { ProductRepository } from './product.repository.ts';
import { PRODUCT, productSchema } from './product.schema.ts';
import { ProductService } from './product.service.ts';
import { ReservationService } from './reservation.service.ts';
import { RestockService } from './restock.service.ts';
import { StockLedgerRepository } from './stock-ledger.repository.ts';
import { STOCK_ENTRY, stockEntrySchema } from './stock-ledger.schema.ts';
import { StockAnnouncer } from './stock-announcer.ts';
import { StockRepository } from './stock.repository.ts';

@Module({})
export class ProductModule {
  static with(env: ProductEnv): DynamicModule {
    return {
      module: ProductModule,
      imports: [
        PlatformModule,
        opsModule('product'),
        RpcModule.forRoot({ name: 'product', url: env.NATS_URL, maxInFlight: env.MAX_IN_FLIGHT }),
        MongoModule.forRoot(env.MONGODB_URL),
        MongooseModule.forFeature([
          { name: PRODUCT, schema: productSchema },
          { name: STOCK_ENTRY, schema: stockEntrySchema },
        ]),
      ],
      controllers: [ProductController],
      providers: [
        { provide: ENV, useValue: env },
        ProductService,
        ReservationService,
        ProductRepository,
        RestockService,
        HoldSweeper,
        StockRepository,
        StockLedgerRepository,
        StockAnnouncer,
        OrderClient,
      ],
    };
  }
}
