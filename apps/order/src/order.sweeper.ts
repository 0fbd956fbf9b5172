import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Repeater } from '@souk/platform';
import { OrderMover } from './order.mover.ts';
import { OrderRepository } from './order.repository.ts';
import type { OrderDocument } from './order.schema.ts';

const EVERY_MS = 1_000;
/** A cancellation younger than this is still being worked on by whom it was asked from. Safe at any age. */
const AGE_MS = 3_000;
const BATCH = 50;
/** They may all be of one product, whose restocks go one after the other. */
const AT_ONCE = 4;

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
    for (let next = 0; next < stuck.length; next += AT_ONCE) {
      await Promise.all(stuck.slice(next, next + AT_ONCE).map((order) => this.#finish(order)));
    }
  }

  async #finish(order: OrderDocument): Promise<void> {
    try {
      await this.mover.finishCancelling(order);
    } catch (error) {
      this.#logger.debug(`left to the next sweep: ${String(error)}`);
    }
  }
}
