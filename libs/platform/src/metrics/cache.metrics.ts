import { subscribe } from 'node:diagnostics_channel';
import { z } from 'zod';
import { on } from '../facts.ts';
import { gauge } from './metric.ts';
import { talliedCounter, TalliedHistogram } from './tally.ts';

/** What libs/cache tells of a read (`CacheFact`). */
interface Read {
  outcome: string;
  tier: string;
  keyClass: string;
}
const Command = z.object({ purpose: z.string(), outcome: z.string(), seconds: z.number() });
const Lag = z.object({ seconds: z.number() });

/** What the caches answered, from which tier, and how late they learn of changes. */
export function cacheMetrics(): void {
  const reads = talliedCounter('souk_cache_reads_total', 'Reads of the caches', ['outcome', 'tier', 'keyClass']);
  // Not parsed: only libs/cache publishes there, for each of twenty thousand hits a second, of which it would cost a hundredth.
  subscribe('souk:cache', (read) => {
    const { outcome, tier, keyClass } = read as Read;
    reads({ outcome, tier, keyClass });
  });
  const commands = new TalliedHistogram('souk_redis_command_seconds', 'Commands to Redis', ['purpose', 'outcome']);
  on('souk:redis:command', Command, ({ purpose, outcome, seconds }) => commands.record({ purpose, outcome }, seconds));
  const lag = new TalliedHistogram(
    'souk_cache_invalidation_lag_seconds',
    'From a change to its arrival at this gateway',
    [],
  );
  const known = gauge('souk_cache_last_invalidation_timestamp_seconds', 'When this gateway last heard of a change');
  on('souk:cache:lag', Lag, ({ seconds }) => {
    lag.record({}, seconds);
    known.setToCurrentTime();
  });
}
