import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { announceStep, runInContext, safeRequestId } from '@souk/platform';
import { type Holds, ProductClient } from './product.client.ts';

const FLUSH_EVERY_MS = 50;
/** What `product.settle` takes at once. */
const BATCH = 500;

/**
 * Tells the product service, off the request path, which holds have become orders. What gets lost is settled by the
 * sweeper, so nothing is sent twice. Name only attempts whose insert was acknowledged or whose order was read.
 */
@Injectable()
export class Settler implements OnApplicationShutdown {
  readonly #logger = new Logger(Settler.name);
  readonly #waiting: Holds[] = [];
  #draining: Promise<void> | undefined;

  constructor(private readonly products: ProductClient) {}

  add(holds: Holds): void {
    this.#waiting.push(holds);
    this.#draining ??= this.#drain();
  }

  /** Bounded by the timeout of the call. */
  async onApplicationShutdown(): Promise<void> {
    await this.#flush();
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      await pause(FLUSH_EVERY_MS);
      await this.#flush();
    }
    this.#draining = undefined;
  }

  async #flush(): Promise<void> {
    const sent: Promise<void>[] = [];
    while (this.#waiting.length > 0) sent.push(this.#send(this.#waiting.splice(0, BATCH)));
    await Promise.all(sent);
  }

  // In a context of its own: that of the request that came first would lend its deadline to the batch.
  async #send(batch: Holds[]): Promise<void> {
    try {
      announceStep('place.settling');
      await runInContext({ requestId: safeRequestId(undefined) }, () => this.products.settle(batch));
    } catch (error) {
      this.#logger.debug(`${batch.length} attempts are left to the sweeper: ${String(error)}`);
    }
  }
}
