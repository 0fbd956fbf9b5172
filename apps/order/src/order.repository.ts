import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { OrderStatus } from '@souk/contracts';
import { driverCollection, keysetFilter, unknownOutcome } from '@souk/mongo';
import { type Model, type QueryFilter, trusted } from 'mongoose';
import { sourcesOf } from './order-state.ts';
import type { AttemptDocument, Moment, OrderDocument, Tombstone } from './order.schema.ts';

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

/** Which order; with `userId` only if it is theirs. */
export type OrderKey = Pick<OrderDocument, '_id'> & Partial<Pick<OrderDocument, 'userId'>>;

export const ORDERS = 'Order';
export const TOMBSTONES = 'Tombstone';

@Injectable()
export class OrderRepository {
  constructor(
    @InjectModel(ORDERS) private readonly orders: Model<OrderDocument>,
    @InjectModel(TOMBSTONES) private readonly tombstones: Model<Tombstone>,
  ) {}

  /** The commit of DESIGN §5.3. Throws a duplicate key where the id or the attempt is taken. */
  async insert(order: OrderDocument): Promise<void> {
    await driverCollection(this.orders).insertOne(order);
  }

  /** Throws a duplicate key where the attempt is decided. */
  async insertTombstone(tombstone: Tombstone): Promise<void> {
    await this.tombstones.insertOne(tombstone);
  }

  /** What is committed: these reads decide what a write came to. */
  find(key: OrderKey): Promise<OrderDocument | null> {
    return this.orders.findOne(key).read('primary').readConcern('majority').lean().exec();
  }

  findByAttempt(attempt: string, userId: string): Promise<AttemptDocument | null> {
    return this.orders
      .findOne({ userId, attempt })
      .read('primary')
      .readConcern('majority')
      .lean<AttemptDocument | null>()
      .exec();
  }

  /** The compare-and-set of DESIGN §5: the order moves if the table lets it, else nothing happens. */
  async move(key: OrderKey, to: Moment): Promise<void> {
    const from = { status: trusted({ $in: sourcesOf(to.status) }) };
    const change = { $set: { status: to.status }, $push: { history: to } };
    await this.orders.updateOne({ ...key, ...from }, change).catch(unknownOutcome);
  }

  /** Orders that have been on the way to `cancelled` since before `before`. */
  async findCancelling(before: Date, limit: number): Promise<OrderDocument[]> {
    const found = await this.orders.find({ status: 'cancelling' }).limit(limit).lean().exec();
    return found.filter(({ history }) => (history.at(-1)?.at ?? before) <= before);
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
