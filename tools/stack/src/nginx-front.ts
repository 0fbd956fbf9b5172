import { childrenOf, startTime } from '../identity.js';
import { writeGateways, type Address } from './nginx.ts';
import { until } from './ready.ts';

const HANDOVER_MS = 5_000;

/** The Nginx that runs before the gateways. */
export class NginxFront {
  readonly #dir: string;
  readonly #master: () => number | undefined;

  /** `dir` is where its configuration lies; `master` answers the pid of its master process. */
  constructor(dir: string, master: () => number | undefined) {
    this.#dir = dir;
    this.#master = master;
  }

  /**
   * Leads to these gateways and no others. Waits for the workers of before to go, 5 s at most: until then they may send
   * over connections that they have kept. Where Nginx is down just now, its next start will do.
   */
  async leadTo(gateways: readonly Address[]): Promise<void> {
    await writeGateways(this.#dir, gateways);
    const master = this.#master();
    if (master === undefined || startTime(master) === undefined) return;
    const before = childrenOf(master).map((pid) => ({ pid, start: startTime(pid) }));
    process.kill(master, 'SIGHUP');
    await until(async () => before.every(({ pid, start }) => startTime(pid) !== start), HANDOVER_MS);
  }
}
