import { type DynamicModule, Module } from '@nestjs/common';
import { opsModule, PlatformModule } from '@souk/platform';
import { RpcModule } from '@souk/rpc';
import type { __Name__Env } from './env.ts';
import { __Name__Controller } from './__name__.controller.ts';
import { __Name__Service } from './__name__.service.ts';

@Module({})
export class __Name__Module {
  static with(env: __Name__Env): DynamicModule {
    return {
      module: __Name__Module,
      imports: [
        PlatformModule,
        opsModule('__name__'),
        RpcModule.forRoot({ name: '__name__', url: env.NATS_URL, maxInFlight: env.MAX_IN_FLIGHT }),
      ],
      controllers: [__Name__Controller],
      providers: [__Name__Service],
    };
  }
}
