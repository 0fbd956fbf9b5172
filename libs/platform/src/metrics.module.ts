import { subscribe } from 'node:diagnostics_channel';
import { type DynamicModule, Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Counter, Gauge, Histogram } from 'prom-client';
import { z } from 'zod';

/** Seconds; from a cache hit to the longest deadline. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

const Timed = z.object({ subject: z.string(), outcome: z.string(), seconds: z.number() });
const Breaker = z.object({ target: z.string(), state: z.string() });
const Cache = z.object({ outcome: z.string() });
const Shed = z.object({ name: z.string(), priority: z.string(), reason: z.string() });
const InFlight = z.object({ name: z.string(), inFlight: z.number(), waiting: z.number() });
const Step = z.object({ step: z.string() });
const Retry = z.object({ subject: z.string(), outcome: z.string(), left: z.number() });

/** Libraries announce facts on diagnostics channels; only this file turns them into metrics. */
function subscribeMetrics(): void {
  const calls = histogram('souk_rpc_call_seconds', 'Calls on the bus, at the caller', ['subject', 'outcome']);
  const handled = histogram('souk_rpc_handler_seconds', 'Calls on the bus, at the handler', ['subject', 'outcome']);
  const open = new Gauge({ name: 'souk_breaker_open', help: '1 while calls are refused', labelNames: ['target'] });
  const cache = new Counter({ name: 'souk_cache_reads_total', help: 'Cache reads', labelNames: ['outcome'] });
  const observe = (metric: typeof calls) => (message: unknown) => {
    const { subject, outcome, seconds } = Timed.parse(message);
    metric.observe({ subject, outcome }, seconds);
  };
  subscribe('souk:rpc:call', observe(calls));
  subscribe('souk:rpc:handled', observe(handled));
  subscribe('souk:breaker', (message) => {
    const { target, state } = Breaker.parse(message);
    open.set({ target }, state === 'Open' ? 1 : 0);
  });
  subscribe('souk:cache', (message) => cache.inc({ outcome: Cache.parse(message).outcome }));
  subscribeLimits();
  subscribeRetries();
  const steps = new Counter({ name: 'souk_order_steps_total', help: 'Order protocol steps', labelNames: ['step'] });
  subscribe('souk:order:step', (message) => steps.inc({ step: Step.parse(message).step }));
}

function subscribeLimits(): void {
  const inFlight = new Gauge({ name: 'souk_in_flight', help: 'Work begun and not ended', labelNames: ['limit'] });
  const waiting = new Gauge({ name: 'souk_waiting', help: 'Work that waits for a place', labelNames: ['limit'] });
  const sheds = new Counter({
    name: 'souk_sheds_total',
    help: 'Work not begun',
    labelNames: ['limit', 'priority', 'reason'],
  });
  subscribe('souk:inFlight', (message) => {
    const state = InFlight.parse(message);
    inFlight.set({ limit: state.name }, state.inFlight);
    waiting.set({ limit: state.name }, state.waiting);
  });
  subscribe('souk:shed', (message) => {
    const { name: limit, priority, reason } = Shed.parse(message);
    sheds.inc({ limit, priority, reason });
  });
}

function subscribeRetries(): void {
  const retries = new Counter({
    name: 'souk_rpc_retries_total',
    help: 'Calls that could be retried',
    labelNames: ['subject', 'outcome'],
  });
  const budget = new Gauge({ name: 'souk_rpc_retry_budget', help: 'Retries left after the last one' });
  subscribe('souk:rpc:retry', (message) => {
    const { subject, outcome, left } = Retry.parse(message);
    retries.inc({ subject, outcome });
    budget.set(left);
  });
}

const histogram = (name: string, help: string, labelNames: string[]) =>
  new Histogram({ name, help, labelNames, buckets });

/** `/metrics` of this process, on whatever private port imports it. */
@Module({})
export class MetricsModule {
  static register(app: string): DynamicModule {
    return {
      module: MetricsModule,
      imports: [PrometheusModule.register({ defaultLabels: { app } })],
    };
  }

  onModuleInit(): void {
    subscribeMetrics();
  }
}
