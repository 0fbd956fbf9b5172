import { Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller.ts';
import { HealthService } from './health.service.ts';
import { MetricsModule } from './metrics.module.ts';

/** What every process has: its health, asked through `HealthService`. */
@Global()
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  providers: [HealthService],
  exports: [HealthService],
})
export class PlatformModule {}

/** What a service shows on its private port: health and metrics. */
export const opsModule = (app: string) => ({
  module: OpsModule,
  imports: [MetricsModule.register(app)],
});

@Module({ controllers: [HealthController] })
class OpsModule {}
