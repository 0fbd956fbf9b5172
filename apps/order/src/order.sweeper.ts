import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Repeater } from '@souk/platform';
import { OrderMover } from './order.mover.ts';
import { OrderRepository } from './order.repository.ts';

const EVERY_MS = 1_000;
/** A cancellation younger than this is still being worked on by whom it was asked from. Safe at any age. */
const AGE_MS = 3_000;
const BATCH = 50;

/** Finishes cancellations that stopped half way (DESIGN §5.6). */
@Injectable()
export class OrderSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger(OrderSweeper.name);
  readonly #repeater = new Repeater(EVERY_MS, () => this.sweep());

  constructor(
    private readonly orders: OrderRepository,
    private readonly mover: OrderMover,
  ) {}

  onApplicationBootstrap(): void {
    this.#repeater.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#repeater.stop();
  }

  async sweep(now = Date.now()): Promise<void> {
    const stuck = await this.orders.findCancelling(new Date(now - AGE_MS), BATCH);
    const outcomes = await Promise.allSettled(stuck.map((order) => this.mover.finishCancelling(order)));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') this.#logger.debug(`left to the next sweep: ${String(outcome.reason)}`);
    }
  }
}
