import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { AppError, type User } from '@souk/contracts';
import { drawId, isDuplicateKey, unknownOutcome } from '@souk/mongo';
import type { Model } from 'mongoose';
import { USER, type UserDocument } from './user.schema.ts';

export type NewUser = Omit<UserDocument, '_id' | 'createdAt'>;
export interface Credentials {
  user: User;
  passwordHash: string;
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

  async findByEmail(email: string): Promise<User | null> {
    const found = await this.users.findOne({ email }).lean().exec();
    return found && toUser(found);
  }

  /** The only way a hash leaves the store. */
  async findCredentials(email: string): Promise<Credentials | null> {
    const found = await this.users.findOne({ email }).select('+passwordHash').lean().exec();
    return found && { user: toUser(found), passwordHash: found.passwordHash };
  }
}

const toUser = ({ _id: id, email, name, role }: Omit<UserDocument, 'passwordHash'>): User => ({
  id,
  email,
  name,
  role,
});
