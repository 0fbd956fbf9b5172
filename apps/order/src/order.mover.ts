import { Injectable, Logger } from '@nestjs/common';
import { AppError, type HandlerInput, type Order, type orderContracts } from '@souk/contracts';
import { unknownOutcome } from '@souk/mongo';
import { announceStep } from '@souk/platform';
import { hasMade, illegalMove } from './order-state.ts';
import { OrderRepository, type OrderKey } from './order.repository.ts';
import type { Moment, OrderDocument } from './order.schema.ts';
import { toOrder } from './order.view.ts';
import { ProductClient } from './product.client.ts';

/** Moves orders from state to state: DESIGN §5.6. Every move is a compare-and-set that may be repeated. */
@Injectable()
export class OrderMover {
  readonly #logger = new Logger(OrderMover.name);

  constructor(
    private readonly orders: OrderRepository,
    private readonly products: ProductClient,
  ) {}

  async move({ orderId, moveId, to }: HandlerInput<typeof orderContracts.move>): Promise<Order> {
    return toOrder(await this.#move({ _id: orderId }, { status: to, at: new Date(), moveId }));
  }

  /** Once the order is `cancelling` it will be cancelled; what cannot be finished now is left to the sweeper. */
  async cancel({ orderId, userId }: HandlerInput<typeof orderContracts.cancel>): Promise<Order> {
    const order = await this.#move({ _id: orderId, userId }, { status: 'cancelling', at: new Date() });
    announceStep('cancel.marked');
    try {
      return toOrder(await this.finishCancelling(order));
    } catch (error) {
      this.#logger.debug(`the cancellation of ${orderId} is left to the sweeper: ${String(error)}`);
      return toOrder(order);
    }
  }

  /** Puts the stock back, then says so. Throws where either cannot be done now. */
  async finishCancelling(order: OrderDocument): Promise<OrderDocument> {
    if (order.status !== 'cancelling') return order;
    const { _id, userId, items } = order;
    await this.products.restock({
      orderId: _id,
      items: items.map(({ productId, quantity }) => ({ productId, quantity })),
    });
    announceStep('cancel.restocked');
    const cancelled = await this.#move({ _id, userId }, { status: 'cancelled', at: new Date() });
    announceStep('cancel.finished');
    return cancelled;
  }

  // Whose answer was lost finds its own result: that is a success, like the second of two equal requests.
  async #move(key: OrderKey, to: Moment): Promise<OrderDocument> {
    await this.orders.move(key, to);
    // The move may have been made: who cannot read it must not be told that nothing was done.
    const order = await this.orders.find(key).catch(unknownOutcome);
    if (!order) throw new AppError('ORDER_NOT_FOUND');
    if (!hasMade(order, to)) throw illegalMove(order.status, to.status);
    return order;
  }
}
