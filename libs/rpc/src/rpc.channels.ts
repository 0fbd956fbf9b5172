import { channel } from 'node:diagnostics_channel';

/** Published once for each call a process makes: `{ subject, outcome, seconds }`; outcome is `ok` or an error code. */
export const callChannel = channel('souk:rpc:call');
/** Published once for each call a process answers, in the same shape. */
export const handledChannel = channel('souk:rpc:handled');

/** Published where a call could be retried: `{ subject, outcome, left }`; outcome is `sent` or `noBudget`. */
export const retryChannel = channel('souk:rpc:retry');

export const secondsSince = (start: number): number => (performance.now() - start) / 1_000;
