import { type DynamicModule, Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { busMetrics } from './metrics/bus.metrics.ts';
import { cacheMetrics } from './metrics/cache.metrics.ts';
import { httpMetrics } from './metrics/http.metrics.ts';
import { limitMetrics } from './metrics/limit.metrics.ts';
import { orderMetrics } from './metrics/order.metrics.ts';
import { storeMetrics } from './metrics/store.metrics.ts';

/**
 * Begins to count. Libraries announce facts on diagnostics channels; only here do they become metrics. Every label has a bounded
 * set of values. Called before anything else: what is announced once, at the start, must not be missed.
 */
export function subscribeMetrics(): void {
  for (const subscribe of [httpMetrics, busMetrics, limitMetrics, storeMetrics, cacheMetrics, orderMetrics])
    subscribe();
}

/** A timer asks so often whether it comes late. At the default of 10 ms it alone was half of what an idle process costs. */
const LAG_PRECISION_MS = 50;

/** `/metrics` of this process, on whatever private port imports it. */
@Module({})
export class MetricsModule {
  static register(app: string): DynamicModule {
    return {
      module: MetricsModule,
      imports: [
        PrometheusModule.register({
          defaultLabels: { app },
          defaultMetrics: { enabled: true, config: { eventLoopMonitoringPrecision: LAG_PRECISION_MS } },
        }),
      ],
    };
  }
}
