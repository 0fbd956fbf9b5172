import { z } from 'zod';

/** The upper end of the first bucket, in seconds, and how many buckets make a factor of two. */
const FIRST = 50e-6;
const PER_DOUBLING = 4;
/** The last one begins above 5 s, the longest deadline. */
const BUCKETS = 68;

/** How many calls took how long, in buckets that grow by a fifth: enough for any quantile within 10 %. */
export const LatencyCounts = z.array(z.int().min(0)).length(BUCKETS);
export type LatencyCounts = z.infer<typeof LatencyCounts>;

export const noLatencies = (): LatencyCounts => Array.from({ length: BUCKETS }, () => 0);

/** What `$SRV.STATS` has in the `data` of an endpoint of ours; another's has none. */
export const EndpointData = z.object({ latencies: LatencyCounts }).catch(() => ({ latencies: noLatencies() }));
export type EndpointData = z.infer<typeof EndpointData>;

export function countLatency(counts: LatencyCounts, seconds: number): void {
  const bucket = Math.ceil(PER_DOUBLING * Math.log2(Math.max(seconds, FIRST) / FIRST));
  const index = Math.min(bucket, BUCKETS - 1);
  counts[index] = (counts[index] ?? 0) + 1;
}

/** The quantile `q` (0 to 1) in seconds, as the upper end of its bucket; undefined where nothing was counted. */
export function latencyQuantile(counts: LatencyCounts, q: number): number | undefined {
  let rest = q * counts.reduce((sum, count) => sum + count, 0);
  for (const [index, count] of counts.entries()) {
    rest -= count;
    if (count > 0 && rest <= 0) return FIRST * 2 ** (index / PER_DOUBLING);
  }
  return undefined;
}

/** What was counted between two looks at the same counts. A replica that started anew counts from nothing. */
export const latenciesSince = (before: LatencyCounts, now: LatencyCounts): LatencyCounts =>
  now.some((count, index) => count < (before[index] ?? 0))
    ? now
    : now.map((count, index) => count - (before[index] ?? 0));
