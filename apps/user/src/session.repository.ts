import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { driverCollection, unknownOutcome } from '@souk/mongo';
import { type Model, trusted } from 'mongoose';
import { SESSION, type SessionDocument } from './session.schema.ts';

export interface Rotation {
  /** Hash of the token that was presented. */
  from: string;
  /** Hash of the one that takes its place. */
  to: string;
  at: Date;
}

@Injectable()
export class SessionRepository {
  constructor(@InjectModel(SESSION) private readonly sessions: Model<SessionDocument>) {}

  async insert(session: SessionDocument): Promise<void> {
    await driverCollection(this.sessions).insertOne(session);
  }

  /** Compare-and-set on the current token: of several with the same one, one wins. Null for the others. */
  rotate(id: string, { from, to, at }: Rotation): Promise<SessionDocument | null> {
    return this.sessions
      .findOneAndUpdate(
        { _id: id, current: from, revokedAt: null, expiresAt: trusted({ $gt: at }) },
        { $set: { current: to, previous: from, rotatedAt: at } },
        { returnDocument: 'after' },
      )
      .lean()
      .exec();
  }

  findById(id: string): Promise<SessionDocument | null> {
    return this.sessions.findById(id).read('primary').lean().exec();
  }

  /** Ends a session of this user's from `at` on, or from when it was ended before; false when there is none. */
  async revoke(id: string, userId: string, at: Date): Promise<boolean> {
    const update = this.sessions.updateOne({ _id: id, userId }, { $min: { revokedAt: at } });
    return (await update.catch(unknownOutcome)).matchedCount === 1;
  }
}
