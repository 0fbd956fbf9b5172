import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import {
  AppError,
  type HandlerInput,
  type OrderLine,
  orderContracts,
  type Reply,
  type Reservation,
} from '@souk/contracts';
import { isDuplicateKey } from '@souk/mongo';
import { announceStep, remainingMs } from '@souk/platform';
import { fingerprintOf } from './fingerprint.ts';
import { canonicalLines, totalOf } from './order-lines.ts';
import { OrderRepository } from './order.repository.ts';
import { type AttemptDocument, isTombstone, type OrderDocument } from './order.schema.ts';
import { toPlacedOrder } from './order.view.ts';
import { type Holds, ProductClient } from './product.client.ts';
import { Settler } from './settler.ts';

/** Nothing is tried again with less than this left of the call's time. */
const RETRY_FLOOR_MS = 300;
const RESEND_AFTER_MS = 50;
/** Seconds. */
const RETRY_AFTER = 1;

type Placed = Reply<typeof orderContracts.place>;
type Held = Extract<Reservation, { outcome: 'held' }>;
type NotHeld = Exclude<Reservation, Held>;

/** One try at an order, in canonical form. */
interface Try {
  orderId: string;
  userId: string;
  items: OrderLine[];
  fingerprint: string;
}

/**
 * Places orders: DESIGN §5 steps 2 to 4, the caller's side. The protocol is model-checked; each step closes a trace
 * that broke an earlier draft, so none may be simplified or reordered without running the model.
 */
@Injectable()
export class OrderPlacer {
  readonly #logger = new Logger(OrderPlacer.name);

  constructor(
    private readonly orders: OrderRepository,
    private readonly products: ProductClient,
    private readonly settler: Settler,
  ) {}

  async place({ orderId, userId, items }: HandlerInput<typeof orderContracts.place>): Promise<Placed> {
    const lines = canonicalLines(items);
    const wanted = { orderId, userId, items: lines, fingerprint: fingerprintOf(lines) };
    for (;;) {
      const placed = await this.#try(wanted);
      if (placed !== 'voided') return placed;
      if (remainingMs() < RETRY_FLOOR_MS) throw nothingPlaced();
    }
  }

  async #try(wanted: Try): Promise<Placed | 'voided'> {
    const { orderId, userId, items } = wanted;
    announceStep('place.started');
    const reservation = await this.products.reserve({ orderId, userId, items }).catch(unknownProduct);
    if (reservation instanceof AppError) return this.#withoutHolds(wanted, reservation);
    if (reservation.outcome !== 'held') return this.#withoutHolds(wanted, refusal(reservation));
    announceStep('place.reserved');
    const order = newOrder(wanted, reservation);
    return this.#conclude(order, await this.#commit(order));
  }

  // The stock may be missing because an earlier try at this very order took it, the product because it was archived since.
  async #withoutHolds({ orderId, userId, fingerprint }: Try, refused: AppError): Promise<Placed> {
    const earlier = await this.orders.find({ _id: orderId, userId });
    if (earlier) return replay(earlier, fingerprint);
    throw refused;
  }

  /**
   * Sends the insert until the store says what stands in its place. After an insert without an answer nothing is given
   * back.
   */
  async #commit(order: OrderDocument): Promise<AttemptDocument> {
    let cause: unknown;
    do {
      try {
        const standing = await this.#insert(order);
        if (standing) return standing;
      } catch (error) {
        cause = error;
      }
      await pause(RESEND_AFTER_MS);
    } while (remainingMs() >= RETRY_FLOOR_MS);
    throw new AppError('DEADLINE_EXCEEDED', { cause });
  }

  // Which index a duplicate key names is never believed. What it clashed with may not be readable yet (it is not on most
  // members): then this answers null, and only sending the insert again tells.
  async #insert(order: OrderDocument): Promise<AttemptDocument | null> {
    try {
      await this.orders.insert(order);
      announceStep('place.inserted');
      return order;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const { _id, userId, attempt } = order;
      const standing = (await this.orders.find({ _id, userId })) ?? (await this.orders.findByAttempt(attempt, userId));
      announceStep('place.duplicateRead');
      return standing;
    }
  }

  async #conclude(order: OrderDocument, standing: AttemptDocument): Promise<Placed | 'voided'> {
    if (isTombstone(standing)) {
      await this.#giveBack(order);
      return 'voided';
    }
    if (standing.attempt === order.attempt) {
      this.settler.add(holdsOf(order));
      return { order: toPlacedOrder(standing), replayed: false };
    }
    await this.#giveBack(order);
    return replay(standing, order.fingerprint);
  }

  // What cannot be given back now is given back by the sweeper.
  async #giveBack(order: OrderDocument): Promise<void> {
    try {
      await this.products.release(holdsOf(order));
      announceStep('place.givenBack');
    } catch (error) {
      this.#logger.debug(`attempt ${order.attempt} is left to the sweeper: ${String(error)}`);
    }
  }
}

function newOrder({ orderId, userId, fingerprint }: Try, { attempt, currency, lines }: Held): OrderDocument {
  const createdAt = new Date();
  return {
    _id: orderId,
    userId,
    attempt,
    fingerprint,
    status: 'confirmed',
    currency,
    items: lines,
    total: totalOf(lines),
    createdAt,
    history: [{ status: 'confirmed', at: createdAt }],
  };
}

const holdsOf = ({ attempt, items }: OrderDocument): Holds => ({
  attempt,
  productIds: items.map(({ productId }) => productId),
});

function replay(standing: OrderDocument, fingerprint: string): Placed {
  if (standing.fingerprint !== fingerprint) throw new AppError('IDEMPOTENCY_MISMATCH');
  return { order: toPlacedOrder(standing), replayed: true };
}

function refusal(reservation: NotHeld): AppError {
  if (reservation.outcome === 'inProgress') return new AppError('ORDER_IN_PROGRESS', { retryAfter: RETRY_AFTER });
  const { productId, name, available } = reservation;
  const message = `Not enough stock of ${name}: ${available} left.`;
  return new AppError('OUT_OF_STOCK', { message, details: { productId, name, available } });
}

function unknownProduct(error: unknown): AppError {
  if (error instanceof AppError && error.code === 'PRODUCT_NOT_FOUND') return error;
  throw error;
}

const nothingPlaced = (): AppError =>
  new AppError('SERVICE_UNAVAILABLE', { message: 'The order was not placed in time.', retryAfter: RETRY_AFTER });
