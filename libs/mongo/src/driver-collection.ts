import type { Model } from 'mongoose';

/**
 * The driver's own collection of a model, for inserts on a hot path of what our own types have just made: a mongoose document of an
 * order costs 0.3 ms. Nothing is cast or validated there.
 */
export const driverCollection = <T extends { _id: string }>({ db, collection }: Model<T>) =>
  db.collection<T>(collection.name);
