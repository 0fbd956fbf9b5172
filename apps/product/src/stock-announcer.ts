import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { catalogueChanged, productTag } from '@souk/contracts';
import { RpcClient } from '@souk/rpc';
import { ChangeBatch } from './change-batch.ts';

/** With the caches' own delay a stock figure is at most 1 s old at the gateway (DESIGN §6). */
const INTERVAL_MS = 500;

/**
 * Announces stock that orders moved, product by product. Lists are announced with the products they show, so one
 * that is sold out leaves a cached `inStock` list; one that is given back from zero may be missing in it until the
 * cache lets go of it: announcing every list each time would leave nothing cached in a sale.
 */
@Injectable()
export class StockAnnouncer implements OnApplicationShutdown {
  readonly #batch: ChangeBatch;

  constructor(rpc: RpcClient) {
    this.#batch = new ChangeBatch(INTERVAL_MS, (ids) =>
      rpc.publish(catalogueChanged, { tags: ids.map(productTag), at: new Date().toISOString() }),
    );
  }

  changed(productIds: readonly string[]): void {
    this.#batch.add(productIds);
  }

  onApplicationShutdown(): void {
    this.#batch.flush();
  }
}
