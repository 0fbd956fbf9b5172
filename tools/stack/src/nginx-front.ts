import { childrenOf, startTime } from '../identity.js';
import { writeGateways, type Address } from './nginx.ts';
import { until } from './ready.ts';

const HANDOVER_MS = 5_000;

/** The Nginx that runs before the gateways. */
export class NginxFront {
  readonly #dir: string;
  readonly #master: () => number | undefined;
  #earlier: { pid: number; start: string | undefined }[] = [];

  /** `dir` is where its configuration lies; `master` answers the pid of its master process. */
  constructor(dir: string, master: () => number | undefined) {
    this.#dir = dir;
    this.#master = master;
  }

  /** Leads to these gateways and no others from now on; where Nginx is down just now, from its next start on. */
  leadTo(gateways: readonly Address[]): void {
    writeGateways(this.#dir, gateways);
    const master = this.#master();
    if (master === undefined || startTime(master) === undefined) return;
    this.#earlier = childrenOf(master).map((pid) => ({ pid, start: startTime(pid) }));
    process.kill(master, 'SIGHUP');
  }

  /** Waits for the workers from before to go, 5 s at most: until then they may use connections that they have kept. */
  async handedOver(): Promise<void> {
    await until(async () => this.#earlier.every(({ pid, start }) => startTime(pid) !== start), HANDOVER_MS);
  }
}
