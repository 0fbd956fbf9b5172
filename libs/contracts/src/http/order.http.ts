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

export const orderEndpoints = {
  place: endpoint('POST', '/api/orders', {
    summary: 'Place an order; userId, where sent, must be the caller’s own',
    tag: 'Orders',
    access: 'user',
    body: z.strictObject({ userId: Id.optional(), items: OrderLines }),
    status: 201,
    response: OrderView,
    errors: ['FORBIDDEN', 'PRODUCT_NOT_FOUND', 'OUT_OF_STOCK', 'ORDER_IN_PROGRESS'],
  }),
  list: endpoint('GET', '/api/orders', {
    summary: 'The caller’s orders, newest first',
    tag: 'Orders',
    access: 'user',
    query: OrderQuery.extend({ limit: fromQuery(Limit) }),
    response: page(OrderView),
    errors: ['INVALID_CURSOR'],
  }),
  get: endpoint('GET', '/api/orders/:id', {
    summary: 'One of the caller’s orders',
    tag: 'Orders',
    access: 'user',
    params: z.strictObject({ id: OrderId }),
    response: OrderView,
    errors: ['ORDER_NOT_FOUND'],
  }),
};
