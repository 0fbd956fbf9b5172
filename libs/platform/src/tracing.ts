import { AsyncLocalStorage } from 'node:async_hooks';
import {
  context,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { type SpanFact, spans } from './span.ts';

/** Milliseconds a span waits for others to be sent with. */
const BATCH_MS = 1_000;

export interface TracingOptions {
  service: string;
  /** Where an OTLP collector takes HTTP, `http://host:4318`. */
  endpoint: string;
  /** Of the traces that begin here, the share that is recorded: 0 to 1. */
  share: number;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;

/** Records spans and sends them to a collector; answers how to send what is left before the process ends. */
export function startTracing({ service, endpoint, share }: TracingOptions): () => Promise<void> {
  const exporter = new OTLPTraceExporter({ url: new URL('/v1/traces', endpoint).href });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: BATCH_MS })],
  });
  record(provider.getTracer('souk'));
  return () => provider.shutdown();
}

function record(tracer: Tracer): void {
  const current = new AsyncLocalStorage<Span>();
  const running = new WeakMap<SpanFact, Span>();
  const begin = (fact: SpanFact): Span => {
    const known = running.get(fact);
    if (known) return known;
    const { name, kind, attributes, parent } = fact;
    const span = tracer.startSpan(name, { kind: kinds[kind], attributes }, parentOf(parent, current.getStore()));
    running.set(fact, span);
    fact.traceparent = traceparentOf(span);
    return span;
  };
  spans.start.bindStore(current, begin);
  // Nobody but `span.ts` publishes there.
  spans.start.subscribe((fact) => void begin(fact as SpanFact));
  spans.error.subscribe((fact) => nameFailure(fact as SpanFact & { error: unknown }));
  spans.asyncEnd.subscribe((fact) => {
    const span = running.get(fact as SpanFact);
    if (span) end(span, fact as SpanFact);
  });
}

function nameFailure(fact: SpanFact & { error: unknown }): void {
  const { error } = fact;
  fact.outcome ??= error instanceof Error && 'code' in error ? String(error.code) : 'failed';
}

function end(span: Span, { attributes, outcome = 'ok' }: SpanFact): void {
  span.setAttributes(attributes);
  if (outcome !== 'ok') span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
  span.end();
}

function parentOf(traceparent: string | undefined, around: Span | undefined): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (traceId !== undefined && spanId !== undefined && flags !== undefined) {
    const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
    return trace.setSpanContext(context.active(), remote);
  }
  return around ? trace.setSpan(context.active(), around) : context.active();
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags & TraceFlags.SAMPLED ? '01' : '00'}`;
}
