import type { Outcome } from './call.ts';

/** What an HTTP status says about whether it happened. Everything the API does not define is unknown. */
export function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return 'ok';
  // 503 promises that nothing was done (docs/errors.md); 500, 502 and 504 promise nothing.
  return status === 503 || (status >= 400 && status < 500) ? 'refused' : 'unknown';
}

/** What a call without an answer says: only who never got a connection has certainly sent nothing. */
export const outcomeOfError = (code: string): Outcome => (code === 'ECONNREFUSED' ? 'refused' : 'unknown');
