/** What a limit said to one request; `resetSeconds` is when the client has its full allowance again. */
export interface Verdict {
  allowed: boolean;
  limit: number;
  remaining: number;
  resetSeconds: number;
}

interface Bucket {
  tokens: number;
  updatedAt: number;
  /** Taken here and not yet told to the other replicas. */
  unreported: number;
  /** What all replicas together had taken when last asked; not known before the first answer. */
  total: number | undefined;
}

/** One token bucket per client, in process: the general limit costs no round trip. Idle clients are forgotten. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private readonly now: () => number = Date.now,
  ) {}

  take(client: string): Verdict {
    const bucket = this.#refilled(client);
    const allowed = bucket.tokens >= 1;
    if (allowed) {
      bucket.tokens -= 1;
      bucket.unreported += 1;
    }
    const missing = allowed ? this.burst - bucket.tokens : 1 - bucket.tokens;
    const remaining = Math.max(0, Math.floor(bucket.tokens));
    return { allowed, limit: this.burst, remaining, resetSeconds: Math.ceil(missing / this.perSecond) };
  }

  /** Clients that took something since the last report, with how much. */
  report(): Map<string, number> {
    const taken = [...this.#buckets].filter(([, bucket]) => bucket.unreported > 0);
    return new Map(taken.map(([client, bucket]) => [client, bucket.unreported]));
  }

  /** Learns what a client took on all replicas so far; undefined when nobody could tell. */
  settle(client: string, sent: number, total: number | undefined): void {
    const bucket = this.#buckets.get(client);
    if (!bucket) return;
    bucket.unreported -= sent;
    if (total !== undefined && bucket.total !== undefined) {
      const elsewhere = Math.max(0, total - bucket.total - sent);
      bucket.tokens = Math.max(0, bucket.tokens - elsewhere);
    }
    bucket.total = total;
  }

  /** Forgets clients whose bucket is full again. */
  sweep(): void {
    for (const [client, bucket] of this.#buckets) {
      if (bucket.unreported === 0 && this.#refill(bucket) >= this.burst) this.#buckets.delete(client);
    }
  }

  get size(): number {
    return this.#buckets.size;
  }

  #refilled(client: string): Bucket {
    const known = this.#buckets.get(client);
    const bucket = known ?? { tokens: this.burst, updatedAt: this.now(), unreported: 0, total: undefined };
    if (!known) this.#buckets.set(client, bucket);
    this.#refill(bucket);
    return bucket;
  }

  #refill(bucket: Bucket): number {
    const now = this.now();
    bucket.tokens = Math.min(this.burst, bucket.tokens + ((now - bucket.updatedAt) / 1_000) * this.perSecond);
    bucket.updatedAt = now;
    return bucket.tokens;
  }
}
