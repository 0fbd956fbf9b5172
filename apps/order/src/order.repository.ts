import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { OrderStatus } from '@souk/contracts';
import { keysetFilter } from '@souk/mongo';
import { type Model, type QueryFilter, trusted } from 'mongoose';
import { type AttemptDocument, type OrderDocument } from './order.schema.ts';

/** Where a page begins: after the order with this time and id. */
export interface Position {
  createdAt: Date;
  id: string;
}

export interface PageQuery {
  userId: string;
  status: OrderStatus | undefined;
  after: Position | undefined;
  limit: number;
}

export const ORDERS = 'Order';

@Injectable()
export class OrderRepository {
  constructor(@InjectModel(ORDERS) private readonly orders: Model<OrderDocument>) {}

  /** The commit of DESIGN §5.3. Throws a duplicate key where the id or the attempt is taken. */
  async insert(order: OrderDocument): Promise<void> {
    await this.orders.insertOne(order);
  }

  /** What is committed: these reads decide what an insert came to. */
  findById(id: string, userId: string): Promise<OrderDocument | null> {
    return this.orders.findOne({ _id: id, userId }).read('primary').readConcern('majority').lean().exec();
  }

  findByAttempt(attempt: string, userId: string): Promise<AttemptDocument | null> {
    return this.orders
      .findOne({ userId, attempt })
      .read('primary')
      .readConcern('majority')
      .lean<AttemptDocument | null>()
      .exec();
  }

  /** Newest first. */
  page({ userId, status, after, limit }: PageQuery): Promise<OrderDocument[]> {
    // A tombstone has no time, so both forms pass it by.
    const place: QueryFilter<OrderDocument> = after
      ? keysetFilter('createdAt', -1, after.createdAt, after.id)
      : { createdAt: trusted({ $type: 'date' as const }) };
    return this.orders
      .find({ userId, ...(status && { status }), ...place })
      .sort({ createdAt: -1, _id: -1 })
      .limit(limit)
      .lean()
      .exec();
  }
}
