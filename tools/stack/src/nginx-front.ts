import { startTime } from '../identity.js';
import { writeGateways, type Address } from './nginx.ts';

/** The Nginx that runs before the gateways. */
export class NginxFront {
  readonly #dir: string;
  readonly #master: () => number | undefined;

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
    process.kill(master, 'SIGHUP');
  }
}
