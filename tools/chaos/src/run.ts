import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { soukDirectory } from '@souk/stack';
import type { Options } from './arguments.ts';
import { check } from './checker/check.ts';
import type { Evidence } from './checker/evidence.ts';
import { orderIdOf } from './checker/order-id.ts';
import { Store } from './checker/store.ts';
import { resolvePending, runCrowd } from './clients/crowd.ts';
import { Http } from './clients/http.ts';
import { Market } from './clients/market.ts';
import { readBack } from './clients/reader.ts';
import type { CallKind } from './history/call.ts';
import { History } from './history/history.ts';
import type { Fault } from './nemesis/fault.ts';
import { Nemesis } from './nemesis/nemesis.ts';
import { Redeliverer } from './nemesis/redeliverer.ts';
import { schedule } from './nemesis/schedule.ts';
import { Random } from './random.ts';
import { exitCodeOf, type Report } from './report/report.ts';
import { System } from './system.ts';

const SAMPLE_EVERY_MS = 200;
const PROGRESS_EVERY_MS = 5_000;
const QUIET_WITHIN_MS = 30_000;
const KINDS: readonly CallKind[] = [
  'place',
  'cancel',
  'pay',
  'ship',
  'deliver',
  'restock',
  'get',
  'list',
  'catalogue',
  'account',
];

/** What a run is asked to do. */
export type RunOptions = Pick<Options, 'seed' | 'minutes' | 'rate' | 'faults' | 'targets'> & {
  /** Something to be done to the store, given by its URL, when all is quiet and before it is judged. */
  beforeCheck?: (mongoUrl: string) => Promise<void>;
};

export type Surroundings = { say: (line: string) => void; signal: AbortSignal };

/** A whole run: start, load and faults, heal, check, stop. Throws when it is called off or cannot start. */
export async function run(options: RunOptions, { say, signal }: Surroundings): Promise<Report> {
  const directory = join(soukDirectory, 'chaos', `${Date.now()}-seed-${options.seed}`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const history = new History(join(directory, 'history.jsonl'));
  const system = await System.start(say, signal);
  let isKept = true;
  try {
    const report = await new Run(options, system, history, { say, signal }).report();
    isKept = exitCodeOf(report) === 1;
    return { ...report, kept: isKept ? directory : undefined };
  } finally {
    await history.close();
    await system.stop(isKept ? directory : undefined);
    if (!isKept) rmSync(directory, { recursive: true, force: true });
  }
}

/** One run against a system that is up. */
class Run {
  readonly #options: RunOptions;
  readonly #system: System;
  readonly #history: History;
  readonly #say: (line: string) => void;
  readonly #signal: AbortSignal;

  constructor(options: RunOptions, system: System, history: History, { say, signal }: Surroundings) {
    this.#options = options;
    this.#system = system;
    this.#history = history;
    this.#say = say;
    this.#signal = signal;
  }

  async report(): Promise<Report> {
    const { baseUrl, mongoUrl, natsUrl, credentials } = this.#system.summary;
    const http = new Http(baseUrl, this.#history);
    const store = await Store.open(mongoUrl);
    const redeliverer = await Redeliverer.open(natsUrl, this.#history, new Random(this.#options.seed));
    try {
      const market = await Market.open(http, { email: credentials.adminEmail, password: credentials.adminPassword });
      return await this.#drive(market, store, redeliverer);
    } finally {
      await Promise.all([http.close(), store.close(), redeliverer.close()]);
    }
  }

  async #drive(market: Market, store: Store, redeliverer: Redeliverer): Promise<Report> {
    const { seed, minutes } = this.#options;
    const nemesis = this.#nemesis(redeliverer);
    const before = this.#history.total;
    const start = performance.now();
    await this.#storm(market, store, nemesis);
    const seconds = (performance.now() - start) / 1_000;
    const requests = this.#history.total - before;
    this.#signal.throwIfAborted();
    await redeliverer.close();
    const evidence = await this.#conclude(market, store);
    return {
      seed,
      minutes,
      mongoServer: this.#system.summary.mongoServer,
      calls: this.#counts(),
      requests,
      requestsPerSecond: requests / seconds,
      faults: nemesis.counts(),
      orders: evidence.orders.length,
      redeliveries: evidence.redeliveries.length,
      longest: this.#history.longest,
      verdicts: check(evidence),
      kept: undefined,
    };
  }

  /** Load and faults for as long as asked, then the heal. */
  async #storm(market: Market, store: Store, nemesis: Nemesis): Promise<void> {
    const { seed, minutes, rate, faults, targets: wanted } = this.#options;
    const random = new Random(seed);
    const { processes, wires, summary } = this.#system;
    const isWanted = (name: string) => wanted.some((part) => name.includes(part));
    const targets = {
      processes: processes.filter(isWanted),
      wires: wires.all
        .map(({ name }) => name)
        .filter(isWanted)
        .toSorted(),
      hasRedis: summary.redisUrl !== undefined,
    };
    const plan = schedule(random.fork(), minutes * 60_000, faults, targets);
    const over = AbortSignal.any([this.#signal, AbortSignal.timeout(minutes * 60_000)]);
    const load = runCrowd(market, rate, random.fork(), over);
    const watchers = [repeat(SAMPLE_EVERY_MS, () => store.sample(), over), this.#progress(nemesis, over)];
    await nemesis.run(plan, over);
    await pause(minutes * 60_000, undefined, { signal: over }).catch(() => undefined);
    nemesis.heal();
    await Promise.all([load, ...watchers]);
  }

  async #conclude(market: Market, store: Store): Promise<Evidence> {
    this.#say('healed; asking for what is still unknown');
    const unresolved = await resolvePending(market);
    this.#say('waiting until nothing is under way any more');
    await until(() => store.isQuiet().catch(() => false), QUIET_WITHIN_MS, this.#signal);
    await this.#options.beforeCheck?.(this.#system.summary.mongoUrl);
    await readBack(market, this.#history.calls);
    this.#say('checking');
    const { calls, redeliveries } = this.#history;
    const [products, ledger, orders, emails] = [
      await store.products(),
      await store.ledger(),
      await store.orders(),
      await store.emails(),
    ];
    return {
      calls,
      redeliveries,
      wares: market.wares,
      samples: store.samples,
      products,
      ledger,
      orders,
      emails,
      unresolved: unresolved.map(({ session, key }) => ({ userId: session.userId, key })),
      orderIdOf,
    };
  }

  #nemesis(redeliverer: Redeliverer): Nemesis {
    const { wires, summary } = this.#system;
    const pidOf = (name: string) => this.#system.pidOf(name);
    const victims = { wires, redeliverer, redisUrl: summary.redisUrl, pidOf };
    return new Nemesis(victims, (fault, isApplied) => this.#say(describe(fault, isApplied)));
  }

  #progress(nemesis: Nemesis, signal: AbortSignal): Promise<void> {
    let before = this.#history.total;
    return repeat(
      PROGRESS_EVERY_MS,
      async () => {
        const now = this.#history.total;
        const rate = (now - before) / (PROGRESS_EVERY_MS / 1_000);
        before = now;
        const orders = this.#history.count('place', 'ok');
        this.#say(`${rate.toFixed(0)} req/s, ${orders} orders answered, ${nemesis.applied.length} faults`);
      },
      signal,
    );
  }

  #counts(): Report['calls'] {
    const count = (kind: CallKind) => (outcome: 'ok' | 'refused' | 'unknown') => this.#history.count(kind, outcome);
    return KINDS.map((kind) => {
      const of = count(kind);
      return { kind, ok: of('ok'), refused: of('refused'), unknown: of('unknown') };
    });
  }
}

async function repeat(everyMs: number, work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
    await work();
  }
}

async function until(check: () => Promise<boolean>, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await check()) && performance.now() < end) await pause(250, undefined, { signal });
}

function describe({ kind, target, durationMs }: Fault, isApplied: boolean): string {
  const length = durationMs > 0 ? ` for ${(durationMs / 1_000).toFixed(1)} s` : '';
  return `${new Date().toISOString().slice(11, 23)} ${kind} ${target}${length}${isApplied ? '' : ': nothing to hurt'}`;
}
