import { channel } from 'node:diagnostics_channel';

/** Published once for each call a process makes: `{ subject, outcome, seconds }`; outcome is `ok` or an error code. */
export const callChannel = channel('souk:rpc:call');
/** Published once for each call a process answers: the same, and `{ requestId, userId?, caller? }`. */
export const handledChannel = channel('souk:rpc:handled');

/** Published where a call could be retried: `{ subject, outcome }`; outcome is `sent` or `noBudget`. */
export const retryChannel = channel('souk:rpc:retry');
/** Published when there is one more or less: `{ left }` retries of this process. */
export const retryBudgetChannel = channel('souk:rpc:retryBudget');

/** Published now and then: `{ seconds }` to the broker and back. */
export const roundTripChannel = channel('souk:rpc:roundTrip');

/** Published when a call has more time left than it may be given: `{ caller, seconds }` its sender's clock is ahead. */
export const skewChannel = channel('souk:rpc:skew');

/** What spans say of a call, by OpenTelemetry's names. */
export const spanAttributes = (subject: string) => ({ 'rpc.system.name': 'nats', 'rpc.method': subject });

export const secondsSince = (start: number): number => (performance.now() - start) / 1_000;
