import { channel } from 'node:diagnostics_channel';

export interface CacheFact {
  outcome: 'hit' | 'miss' | 'stale';
  /** Where the answer came from; `origin` is the fill. */
  tier: 'local' | 'redis' | 'origin';
  /** The key up to its first colon or question mark: bounded, so that it can be a label. */
  keyClass: string;
}

/** Published as a `CacheFact` for every answered read; a `peek` that finds nothing is none. */
const reads = channel('souk:cache');

/** Published as `{ error }` when Redis failed a command or its connection; the read went on without it. */
const faults = channel('souk:cache:fault');

/** Published as `{ seconds }` when this process has acted on an invalidation: how long ago the change was made. */
const lags = channel('souk:cache:lag');

/** Published once for each command to Redis: `{ purpose, outcome, seconds }`; outcome is `ok` or `failed`. */
const commands = channel('souk:redis:command');

/** Shared with `libs/resilience`: the metrics show every breaker in one place. */
const breakers = channel('souk:breaker');

const CLASS_END = /[:?]|$/;

export const keyClassOf = (key: string): string => key.slice(0, key.search(CLASS_END));

export const announceRead = (fact: CacheFact): void => reads.publish(fact);

export const announceLag = (seconds: number): void => lags.publish({ seconds });

/** Does what a command to Redis is made for and tells how it went. */
export async function announcedCommand<T>(purpose: string, command: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const publish = (outcome: 'ok' | 'failed') =>
    commands.publish({ purpose, outcome, seconds: (performance.now() - start) / 1_000 });
  try {
    const reply = await command();
    publish('ok');
    return reply;
  } catch (error) {
    publish('failed');
    throw error;
  }
}

export const announceFault = (error: unknown): void => faults.publish({ error });

export const announceBreaker = (state: 'Open' | 'Closed'): void => breakers.publish({ target: 'redis', state });
