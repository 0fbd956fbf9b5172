import { channel } from 'node:diagnostics_channel';

export interface CacheFact {
  outcome: 'hit' | 'miss' | 'stale';
  /** Where the answer came from; `origin` is the fill. */
  tier: 'local' | 'redis' | 'origin';
  /** The key up to its first colon: bounded, so that it can be a label. */
  keyClass: string;
}

/** Published as a `CacheFact` for every answered read; a `peek` that finds nothing is none. */
const reads = channel('souk:cache');

/** Published as `{ error }` when Redis failed a command or its connection; the read went on without it. */
const faults = channel('souk:cache:fault');

/** Shared with `libs/resilience`: the metrics show every breaker in one place. */
const breakers = channel('souk:breaker');

export function announceRead(key: string, outcome: CacheFact['outcome'], tier: CacheFact['tier']): void {
  const [keyClass = key] = key.split(':', 1);
  reads.publish({ outcome, tier, keyClass } satisfies CacheFact);
}

export const announceFault = (error: unknown): void => faults.publish({ error });

export const announceBreaker = (state: 'Open' | 'Closed'): void => breakers.publish({ target: 'redis', state });
