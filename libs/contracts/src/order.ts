import { z } from 'zod';
import { contract } from './contract.ts';
import { Currency, MinorUnits } from './money.ts';
import { Attempt, OrderLine, PricedLine } from './product.ts';
import { Cursor, Id, Instant, Limit, OrderId, page } from './scalars.ts';

export const OrderStatus = z.enum(['confirmed', 'paid', 'shipped', 'delivered', 'cancelling', 'cancelled']);
export type OrderStatus = z.infer<typeof OrderStatus>;

/** A state the order reached, and when. */
export const OrderMoment = z.object({ status: OrderStatus, at: Instant });

/** `total` and line prices are in minor units of `currency`; `history` is every state so far, the first one first. */
export const Order = z.object({
  id: OrderId,
  status: OrderStatus,
  currency: Currency,
  total: MinorUnits,
  items: z.array(PricedLine),
  createdAt: Instant,
  history: z.array(OrderMoment),
});
export type Order = z.infer<typeof Order>;

export const OrderQuery = z.strictObject({ status: OrderStatus.optional(), limit: Limit, cursor: Cursor.optional() });
export type OrderQuery = z.infer<typeof OrderQuery>;

export const OrderLines = z.array(OrderLine).min(1).max(50);

export const orderContracts = {
  /** `orderId` says which order this is a try at; `replayed` that an earlier try had placed it. */
  place: contract('order.place', {
    input: z.strictObject({ orderId: OrderId, userId: Id, items: OrderLines }),
    output: z.object({ order: Order, replayed: z.boolean() }),
    idempotent: true,
    actsFor: 'owner',
    errors: ['PRODUCT_NOT_FOUND', 'OUT_OF_STOCK', 'ORDER_IN_PROGRESS', 'IDEMPOTENCY_MISMATCH'],
    timeoutMs: 2_400,
    priority: 'order',
  }),
  get: contract('order.get', {
    input: z.strictObject({ orderId: OrderId, userId: Id }),
    output: Order,
    idempotent: true,
    actsFor: 'owner',
    errors: ['ORDER_NOT_FOUND'],
    priority: 'profile',
  }),
  list: contract('order.list', {
    input: OrderQuery.extend({ userId: Id }),
    output: page(Order),
    idempotent: true,
    actsFor: 'owner',
    errors: ['INVALID_CURSOR'],
    priority: 'profile',
  }),
  /** Answers the order as it stands: `cancelling` where not all stock is back yet; the order service finishes that. */
  cancel: contract('order.cancel', {
    input: z.strictObject({ orderId: OrderId, userId: Id }),
    output: Order,
    idempotent: true,
    actsFor: 'owner',
    errors: ['ORDER_NOT_FOUND', 'ORDER_STATE_CONFLICT'],
    timeoutMs: 2_400,
    priority: 'order',
  }),
  /** What an admin does to anybody's order. `moveId` is the request's: a second try at it finds what the first one did. */
  move: contract('order.move', {
    input: z.strictObject({
      orderId: OrderId,
      moveId: z.uuid(),
      to: OrderStatus.extract(['paid', 'shipped', 'delivered']),
    }),
    output: Order,
    idempotent: true,
    actsFor: 'admin',
    errors: ['ORDER_NOT_FOUND', 'ORDER_STATE_CONFLICT'],
    priority: 'order',
  }),
  /**
   * Decides for ever what became of attempts (DESIGN §5.5): `sold` belong to an order, `voided` can win no more. One that
   * is in neither list could not be decided now.
   */
  resolve: contract('order.resolve', {
    input: z.strictObject({
      attempts: z
        .array(z.strictObject({ attempt: Attempt, userId: Id }))
        .min(1)
        .max(100),
    }),
    output: z.object({ sold: z.array(Attempt), voided: z.array(Attempt) }),
    idempotent: true,
    actsFor: 'nobody',
    callers: ['product'],
    errors: [],
    priority: 'order',
  }),
};
