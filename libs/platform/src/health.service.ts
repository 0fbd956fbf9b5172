import { Injectable } from '@nestjs/common';
import {
  HealthCheckService,
  type HealthCheckResult,
  type HealthIndicatorResult,
  HealthIndicatorService,
} from '@nestjs/terminus';

/** Something this process leans on, asked by a real round trip. `check` rejects when it does not answer. */
export interface HealthProbe {
  readonly name: string;
  /** Without it this process is of no use and takes no requests. A dead store only degrades it. */
  readonly critical: boolean;
  check(): Promise<unknown>;
}

/** Terminus' report, and the names of what does not answer though this process can do without. */
export type HealthReport = HealthCheckResult & { degraded: string[] };

const PROBE_CACHE_MS = 1_000;
const PROBE_TIMEOUT_MS = 500;
const REPORT_CACHE_MS = 100;

/** Answers `/health*`. Parts of the process add their probes at start. */
@Injectable()
export class HealthService {
  readonly #probes: HealthProbe[] = [];
  #draining = false;
  readonly #drained = Promise.withResolvers<void>();
  #latest: { report: HealthReport; at: number } | undefined;

  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
  ) {}

  add(probe: HealthProbe): void {
    this.#probes.push(probe);
  }

  /** Resolves when this process is told to go. */
  get draining(): Promise<void> {
    return this.#drained.promise;
  }

  /** From now on this process is not ready: it finishes what it has and goes. */
  drain(): void {
    this.#draining = true;
    this.#drained.resolve();
    this.#latest = undefined;
  }

  /** What `ready` answered a moment ago. */
  recent(): HealthReport | undefined {
    return this.#latest && performance.now() - this.#latest.at < REPORT_CACHE_MS ? this.#latest.report : undefined;
  }

  async live(): Promise<HealthReport> {
    return { ...(await this.health.check([])), degraded: [] };
  }

  /** Throws terminus' 503 only for this process's own state: otherwise one dead service would take all gateways out. */
  async ready(): Promise<HealthReport> {
    const at = performance.now();
    const probes = this.#probes.map((probe) => () => this.#ask(probe));
    const result = await this.health.check([() => this.#ownState(), ...probes]);
    const degraded = Object.entries(result.details)
      .filter(isDegraded)
      .map(([name]) => name);
    const report = { ...result, degraded };
    if (!this.#draining) this.#latest = { report, at };
    return report;
  }

  #ownState() {
    const process = this.indicators.check('process');
    return this.#draining ? process.down({ reason: 'draining' }) : process.up();
  }

  // What the driver said stays inside: health is public.
  async #ask({ name, critical, check }: HealthProbe): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(name);
    const attempt = await indicator
      .attempt(async () => void (await check()))
      .withTimeout(PROBE_TIMEOUT_MS)
      .cacheFor(PROBE_CACHE_MS);
    if (attempt[name]?.status === 'up') return indicator.up();
    return critical ? indicator.down() : indicator.degraded();
  }
}

const isDegraded = ([, { status }]: [string, { status: string }]): boolean => status === 'degraded';
