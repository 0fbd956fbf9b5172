import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { announceStep, Repeater } from '@souk/platform';
import { OrderClient } from './order.client.ts';
import { StockAnnouncer } from './stock-announcer.ts';
import { type HeldAttempt, StockRepository } from './stock.repository.ts';

const EVERY_MS = 1_000;
/** The longest deadline (DESIGN §4). Safe at any age; this one only spares tries that are still running. */
const AGE_MS = 5_000;
/** What `order.resolve` takes at once. */
const BATCH = 100;

/**
 * Lets go of holds whose try has died: DESIGN §5.5, the product service's side. Every replica sweeps; that two take up the
 * same hold changes nothing.
 */
@Injectable()
export class HoldSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #repeater = new Repeater(EVERY_MS, () => this.sweep());

  constructor(
    private readonly stock: StockRepository,
    private readonly orders: OrderClient,
    private readonly announcer: StockAnnouncer,
  ) {}

  onApplicationBootstrap(): void {
    this.#repeater.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#repeater.stop();
  }

  /** Batch by batch until no hold is too old. Throws where the orders cannot be asked. */
  async sweep(now = Date.now()): Promise<void> {
    for (;;) {
      const held = await this.stock.heldSince(new Date(now - AGE_MS), BATCH);
      const decided = held.length > 0 ? await this.#resolve(held) : 0;
      // What cannot be decided now would be found again and again.
      if (held.length < BATCH || decided < held.length) return;
    }
  }

  /** Answers how many attempts were decided. */
  async #resolve(held: HeldAttempt[]): Promise<number> {
    announceStep('sweep.found');
    const { sold, voided } = await this.orders.resolve(held.map(({ attempt, userId }) => ({ attempt, userId })));
    announceStep('sweep.resolved');
    const productsOf = (attempts: readonly string[]) => [
      ...new Set(held.filter(({ attempt }) => attempts.includes(attempt)).flatMap(({ productIds }) => productIds)),
    ];
    if (sold.length > 0) await this.#settle(sold, productsOf(sold));
    if (voided.length > 0) await this.#giveBack(voided, productsOf(voided));
    return sold.length + voided.length;
  }

  async #settle(sold: string[], productIds: string[]): Promise<void> {
    await this.stock.settle(sold, productIds);
    announceStep('sweep.settled');
  }

  // All of them at once: a hundred updates of one product that is much in demand would keep each other from succeeding.
  async #giveBack(voided: string[], productIds: string[]): Promise<void> {
    await this.stock.giveBack(voided, productIds);
    announceStep('sweep.givenBack');
    this.announcer.changed(productIds);
  }
}
