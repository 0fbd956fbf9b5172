import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { AppError, type User } from '@souk/contracts';
import { drawId, driverCollection, isDuplicateKey, unknownOutcome } from '@souk/mongo';
import type { Model } from 'mongoose';
import { USER, type UserDocument } from './user.schema.ts';

export type NewUser = Omit<UserDocument, '_id' | 'createdAt'>;
export interface Credentials {
  user: User;
  passwordHash: string;
}
/** A user and since when sessions of theirs are good. */
export interface Account {
  user: User;
  validSince: Date;
}

@Injectable()
export class UserRepository {
  constructor(@InjectModel(USER) private readonly users: Model<UserDocument>) {}

  /** Throws `EMAIL_TAKEN`: the unique index decides, so nobody needs to look first. */
  async create(account: NewUser): Promise<User> {
    const document: UserDocument = { ...account, _id: drawId(), createdAt: new Date() };
    await this.users.insertOne(document).catch((error: unknown) => {
      if (isDuplicateKey(error)) throw new AppError('EMAIL_TAKEN', { cause: error });
      unknownOutcome(error);
    });
    return toUser(document);
  }

  async findById(id: string): Promise<User | null> {
    const found = await this.users.findById(id).lean().exec();
    return found && toUser(found);
  }

  async findAccount(id: string): Promise<Account | null> {
    const found = await this.users.findById(id).read('primary').lean().exec();
    return found && { user: toUser(found), validSince: found.validSince ?? new Date(0) };
  }

  async findByEmail(email: string): Promise<User | null> {
    const found = await this.users.findOne({ email }).lean().exec();
    return found && toUser(found);
  }

  /** Null where nobody has this e-mail. */
  async makeAdmin(email: string): Promise<User | null> {
    const update = this.users.findOneAndUpdate({ email }, { $set: { role: 'admin' } }, { returnDocument: 'after' });
    const found = await update.lean().exec();
    return found && toUser(found);
  }

  /** With `findCredentialsById` the only way a hash leaves the store. */
  async findCredentials(email: string): Promise<Credentials | null> {
    const found = await driverCollection(this.users).findOne({ email });
    return found && { user: toUser(found), passwordHash: found.passwordHash };
  }

  async findCredentialsById(id: string): Promise<Credentials | null> {
    const found = await this.users.findById(id).select('+passwordHash').lean().exec();
    return found && { user: toUser(found), passwordHash: found.passwordHash };
  }

  /** Another hash of the same password; where another one stands there by now, nothing happens. */
  async replaceHash(id: string, from: string, to: string): Promise<void> {
    await this.users.updateOne({ _id: id, passwordHash: from }, { $set: { passwordHash: to } });
  }

  /** Ends what began before `at`; false where there is no such user. */
  async endSessions(id: string, at: Date): Promise<boolean> {
    const { matchedCount } = await this.users
      .updateOne({ _id: id }, { $max: { validSince: at } })
      .catch(unknownOutcome);
    return matchedCount === 1;
  }

  /** Replaces one hash by another and ends what began before `at`; false where another hash stands there by now. */
  async changePassword(id: string, from: string, to: string, at: Date): Promise<boolean> {
    const { matchedCount } = await this.users
      .updateOne({ _id: id, passwordHash: from }, { $set: { passwordHash: to }, $max: { validSince: at } })
      .catch(unknownOutcome);
    return matchedCount === 1;
  }
}

const toUser = ({ _id: id, email, name, role }: Omit<UserDocument, 'passwordHash'>): User => ({
  id,
  email,
  name,
  role,
});
