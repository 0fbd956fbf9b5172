import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { HealthService, MetricsModule } from '@souk/platform';
import { OpsBoard } from './ops.board.ts';
import { OpsController } from './ops.controller.ts';

/** What the private port shows of the gateway beside it. */
@Module({})
export class OpsModule {
  static beside(main: INestApplicationContext): DynamicModule {
    const shared = [OpsBoard, HealthService].map((provide) => ({ provide, useValue: main.get(provide) }));
    return {
      module: OpsModule,
      imports: [MetricsModule.register('gateway')],
      controllers: [OpsController],
      providers: shared,
    };
  }
}
