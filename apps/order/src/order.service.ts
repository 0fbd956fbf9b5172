import { Injectable } from '@nestjs/common';
import { AppError, type HandlerInput, type Order, orderContracts, OrderId, type Reply } from '@souk/contracts';
import { decodeCursor, encodeCursor } from '@souk/mongo';
import { z } from 'zod';
import { OrderRepository, type Position } from './order.repository.ts';
import type { OrderDocument } from './order.schema.ts';
import { toOrder } from './order.view.ts';

/** What a customer reads of the orders that are theirs. */
@Injectable()
export class OrderService {
  constructor(private readonly orders: OrderRepository) {}

  async get({ orderId, userId }: HandlerInput<typeof orderContracts.get>): Promise<Order> {
    const order = await this.orders.find({ _id: orderId, userId });
    if (!order) throw new AppError('ORDER_NOT_FOUND');
    return toOrder(order);
  }

  async list({
    userId,
    status,
    limit,
    cursor,
  }: HandlerInput<typeof orderContracts.list>): Promise<Reply<typeof orderContracts.list>> {
    const list = status ?? 'all';
    const after = cursor === undefined ? undefined : readPosition(cursor, list);
    const found = await this.orders.page({ userId, status, after, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return { items: page.map(toOrder), nextCursor: last ? writePosition(last, list) : null };
  }
}

// A cursor names the list it belongs to: in another one its place means nothing.
const writePosition = ({ createdAt, _id }: OrderDocument, list: string): string =>
  encodeCursor(['orders', list, createdAt, _id]);

function readPosition(cursor: string, list: string): Position {
  const written = z.tuple([z.literal('orders'), z.literal(list), z.iso.datetime(), OrderId]);
  const [, , createdAt, id] = decodeCursor(cursor, written);
  return { createdAt: new Date(createdAt), id };
}
