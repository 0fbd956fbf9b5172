import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { REVOCATIONS_PAGE, type Revocation } from '@souk/contracts';
import { isDuplicateKey, unknownOutcome } from '@souk/mongo';
import { type Model, trusted } from 'mongoose';
import { REVOCATION, type RevocationDocument } from './revocation.schema.ts';

export interface RevocationPage {
  items: Revocation[];
  next: string | null;
}

@Injectable()
export class RevocationRepository {
  constructor(@InjectModel(REVOCATION) private readonly revocations: Model<RevocationDocument>) {}

  /** What is there already stays as it is. */
  async add(revocation: Revocation): Promise<void> {
    await this.revocations.insertOne(toDocument(revocation)).catch((error: unknown) => {
      if (!isDuplicateKey(error)) unknownOutcome(error);
    });
  }

  /** Those in force at `now`, by id, from the first one behind `after`. */
  async page(after: string, now: Date): Promise<RevocationPage> {
    const found = await this.revocations
      .find({ _id: trusted({ $gt: after }), until: trusted({ $gt: now }) })
      .sort({ _id: 1 })
      .limit(REVOCATIONS_PAGE)
      .read('primary')
      .lean<RevocationDocument[]>()
      .exec();
    const last = found.at(-1);
    return { items: found.flatMap(toRevocation), next: last && found.length === REVOCATIONS_PAGE ? last._id : null };
  }
}

function toDocument(revocation: Revocation): RevocationDocument {
  const until = new Date(revocation.until);
  switch (revocation.of) {
    case 'session':
      return { _id: `session:${revocation.sid}`, sid: revocation.sid, until };
    case 'user': {
      const { userId } = revocation;
      const notBefore = new Date(revocation.notBefore);
      return { _id: `user:${userId}:${notBefore.getTime()}`, userId, notBefore, until };
    }
  }
}

function toRevocation({ sid, userId, notBefore, until }: RevocationDocument): Revocation[] {
  if (sid !== undefined) return [{ of: 'session', sid, until: until.toISOString() }];
  if (userId === undefined || notBefore === undefined) return [];
  return [{ of: 'user', userId, notBefore: notBefore.toISOString(), until: until.toISOString() }];
}
