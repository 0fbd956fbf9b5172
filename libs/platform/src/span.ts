import { tracingChannel } from 'node:diagnostics_channel';

/** Something that takes time, as traces show it. */
export interface SpanFact {
  name: string;
  /** `server`: answers somebody; `client`: asks somebody. */
  kind: 'server' | 'client';
  attributes: Record<string, string | number>;
  /** The W3C trace context that came with a request from elsewhere. */
  parent?: string | undefined;
  /** The W3C trace context to be sent on with what is asked meanwhile; there only while spans are recorded. */
  traceparent?: string | undefined;
  /** `ok`, or what went wrong; set before it ends. */
  outcome?: string | undefined;
}

/** Nobody listens unless spans are exported (`startTracing`): then a span costs one look at this channel. */
export const spans = tracingChannel<unknown, SpanFact>('souk:span');

/** Whether anybody listens. */
export const areSpansRecorded = (): boolean => spans.hasSubscribers;

/** Does `work` as a span; what it begins meanwhile is under it. A failure is its outcome. */
export const traced = <T>(fact: SpanFact, work: () => Promise<T>): Promise<T> =>
  spans.hasSubscribers ? spans.tracePromise(work, fact) : work();

/** Begins a span around `work`, which ends later, by `endSpan`. */
export const beginSpan = (fact: SpanFact, work: () => void): void =>
  spans.hasSubscribers ? void spans.start.runStores(fact, work) : work();

/** Begins a span that has nothing under it. */
export const openSpan = (fact: SpanFact): void => spans.start.publish(fact);

export const endSpan = (fact: SpanFact): void => spans.asyncEnd.publish(fact);
