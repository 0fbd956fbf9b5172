import { Injectable } from '@nestjs/common';
import { AppError, type User } from '@souk/contracts';
import { PasswordHasher } from './password-hasher.ts';
import { UserRepository } from './user.repository.ts';

export interface NewAdmin {
  email: string;
  name: string;
  password: string;
}

/** How accounts come to be admins: never over HTTP or the bus. */
@Injectable()
export class AdminAccounts {
  constructor(
    private readonly users: UserRepository,
    private readonly hasher: PasswordHasher,
  ) {}

  /** Throws `EMAIL_TAKEN`: nobody who registered the e-mail first becomes admin by it. */
  async create({ email, name, password }: NewAdmin): Promise<User> {
    return this.users.create({ email, name, role: 'admin', passwordHash: await this.hasher.hash(password) });
  }

  /** Makes an admin of somebody who has an account; they are one from their next login or refresh on. */
  async promote(email: string): Promise<User> {
    const user = await this.users.makeAdmin(email);
    if (!user) throw new AppError('USER_NOT_FOUND');
    return user;
  }
}
