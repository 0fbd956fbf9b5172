import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { unknownOutcome } from '@souk/mongo';
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
    await this.sessions.insertOne(session);
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

  async revoke(id: string, at: Date): Promise<void> {
    await this.sessions.updateOne({ _id: id, revokedAt: null }, { $set: { revokedAt: at } }).catch(unknownOutcome);
  }
}
