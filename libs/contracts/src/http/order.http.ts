import { z } from 'zod';
import { endpoint, fromQuery } from '../endpoint.ts';
import { DecimalAmount, toDecimal } from '../money.ts';
import { Order, OrderLines, OrderQuery } from '../order.ts';
import { PricedLine } from '../product.ts';
import { Id, Limit, OrderId, page } from '../scalars.ts';

/** An order as the API shows it: prices and total as decimal numbers. */
export const OrderView = Order.extend({
  total: DecimalAmount,
  items: z.array(PricedLine.extend({ price: DecimalAmount })),
}).meta({ id: 'Order' });
export type OrderView = z.infer<typeof OrderView>;

export function toOrderView({ total, items, ...order }: Order): OrderView {
  return {
    ...order,
    total: toDecimal(total),
    items: items.map((line) => ({ ...line, price: toDecimal(line.price) })),
  };
}

/**
 * Names one request for ever: asked again with the same key, it is answered with the order it placed
 * (draft-ietf-httpapi-idempotency-key-header, without its quotes). Visible ASCII.
 */
export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7E]{1,255}$/, 'Use 1 to 255 visible ASCII characters.')
  .describe('Makes it safe to send the request again: the same key and body are answered with the same order.');

const byId = z.strictObject({ id: OrderId });

const move = (path: `/${string}`, summary: string) =>
  endpoint('POST', path, {
    summary,
    tag: 'Orders',
    access: 'admin',
    params: byId,
    response: OrderView,
    errors: ['ORDER_NOT_FOUND', 'ORDER_STATE_CONFLICT'],
    priority: 'order',
  });

export const orderEndpoints = {
  place: endpoint('POST', '/api/orders', {
    summary: 'Place an order; userId, where sent, must be the caller’s own',
    tag: 'Orders',
    access: 'user',
    headers: z.object({ 'idempotency-key': IdempotencyKey.optional() }),
    body: z.strictObject({ userId: Id.optional(), items: OrderLines }),
    status: 201,
    response: OrderView,
    errors: ['FORBIDDEN', 'PRODUCT_NOT_FOUND', 'OUT_OF_STOCK', 'ORDER_IN_PROGRESS', 'IDEMPOTENCY_MISMATCH'],
    replayable: true,
    priority: 'order',
  }),
  list: endpoint('GET', '/api/orders', {
    summary: 'The caller’s orders, newest first',
    tag: 'Orders',
    access: 'user',
    query: OrderQuery.extend({ limit: fromQuery(Limit) }),
    response: page(OrderView),
    errors: ['INVALID_CURSOR'],
    priority: 'profile',
  }),
  get: endpoint('GET', '/api/orders/:id', {
    summary: 'One of the caller’s orders',
    tag: 'Orders',
    access: 'user',
    params: byId,
    response: OrderView,
    errors: ['ORDER_NOT_FOUND'],
    priority: 'profile',
  }),
  cancel: endpoint('POST', '/api/orders/:id/cancel', {
    summary: 'Cancel one of the caller’s orders that has not been shipped; its stock goes back',
    tag: 'Orders',
    access: 'user',
    params: byId,
    response: OrderView,
    errors: ['ORDER_NOT_FOUND', 'ORDER_STATE_CONFLICT'],
    priority: 'order',
  }),
  pay: move('/api/orders/:id/pay', 'Mark an order as paid'),
  ship: move('/api/orders/:id/ship', 'Mark a paid order as shipped'),
  deliver: move('/api/orders/:id/deliver', 'Mark a shipped order as delivered'),
};
