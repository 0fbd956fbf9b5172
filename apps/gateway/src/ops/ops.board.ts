import {
  countLatency,
  latenciesSince,
  type LatencyCounts,
  latencyQuantile,
  noLatencies,
  services,
} from '@souk/contracts';
import { type AnsweredRequest, onAnsweredRequest, onBreaker } from '@souk/platform';
import type { RpcClient } from '@souk/rpc';
import { defer, EMPTY, exhaustMap, type Observable, catchError, share, timer } from 'rxjs';

const EVERY_MS = 1_000;
const ERRORS_KEPT = 50;

/** Of one process, a second; times in milliseconds, null where nothing was asked. */
interface Figures {
  id: string;
  started: string;
  calls: number;
  errors: number;
  p50: number | null;
  p99: number | null;
}

/** A request that failed for reasons of ours. */
interface Failure {
  at: string;
  requestId: string;
  what: string;
  status: number;
  milliseconds: number;
}

/** What the page shows, as this gateway sees it. */
export interface Snapshot {
  at: string;
  programs: { name: string; replicas: Figures[] }[];
  breakers: { target: string; state: string }[];
  failures: Failure[];
}

interface Counts {
  calls: number;
  errors: number;
  latencies: LatencyCounts;
}

/** Keeps what the page shows of this gateway; asks the services only while somebody looks. */
export class OpsBoard {
  readonly #own: Counts = { calls: 0, errors: 0, latencies: noLatencies() };
  readonly #started = new Date().toISOString();
  readonly #breakers = new Map<string, string>();
  readonly #failures: Failure[] = [];
  #before = new Map<string, Counts & { at: number }>();

  /** Once a second, for all who look. */
  readonly snapshots: Observable<Snapshot> = timer(0, EVERY_MS).pipe(
    exhaustMap(() => defer(() => this.#look()).pipe(catchError(() => EMPTY))),
    share(),
  );

  constructor(private readonly rpc: Pick<RpcClient, 'replicas'>) {
    onAnsweredRequest((request) => this.#count(request));
    onBreaker(({ target, state }) => this.#breakers.set(target, state));
  }

  #count({ status, seconds, requestId, method, route }: AnsweredRequest): void {
    this.#own.calls += 1;
    countLatency(this.#own.latencies, seconds);
    if (status < 500) return;
    this.#own.errors += 1;
    const milliseconds = Math.round(seconds * 1_000);
    this.#failures.unshift({
      at: new Date().toISOString(),
      requestId,
      what: `${method} ${route}`,
      status,
      milliseconds,
    });
    this.#failures.length = Math.min(this.#failures.length, ERRORS_KEPT);
  }

  async #look(): Promise<Snapshot> {
    const asked = await Promise.all(services.map((name) => this.rpc.replicas(name)));
    const now = performance.now();
    const latencies = [...this.#own.latencies];
    const own = { ...this.#own, latencies, id: 'gateway', started: this.#started };
    const seen = new Map([own, ...asked.flat()].map((each) => [each.id, { ...each, at: now }]));
    const figures = (id: string) =>
      [seen.get(id)].flatMap((each) => (each ? [figuresOf(each, this.#before.get(id))] : []));
    const programs = [
      { name: 'gateway', replicas: figures(own.id) },
      ...services.map((name, index) => ({ name, replicas: (asked[index] ?? []).flatMap(({ id }) => figures(id)) })),
    ];
    this.#before = seen;
    const breakers = [...this.#breakers].map(([target, state]) => ({ target, state }));
    return { at: new Date().toISOString(), programs, breakers, failures: this.#failures };
  }
}

function figuresOf(
  now: Counts & { at: number; id: string; started: string },
  before: (Counts & { at: number }) | undefined,
) {
  const seconds = before ? (now.at - before.at) / 1_000 : Infinity;
  const latencies = before ? latenciesSince(before.latencies, now.latencies) : noLatencies();
  const quantile = (q: number) => {
    const value = latencyQuantile(latencies, q);
    return value === undefined ? null : Math.round(value * 1e5) / 1e2;
  };
  const rate = (of: 'calls' | 'errors') => Math.round((10 * Math.max(0, now[of] - (before?.[of] ?? 0))) / seconds) / 10;
  const { id, started } = now;
  return { id, started, calls: rate('calls'), errors: rate('errors'), p50: quantile(0.5), p99: quantile(0.99) };
}
