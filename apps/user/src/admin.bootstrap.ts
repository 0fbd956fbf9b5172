import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { AppError } from '@souk/contracts';
import { AdminAccounts } from './admin.accounts.ts';
import { ENV, type UserEnv } from './env.ts';
import { UserRepository } from './user.repository.ts';

/**
 * Creates the first admin, the only one who did not need another. An account that exists is left as it is: nobody who
 * registered the e-mail first becomes admin by it, and no changed password is set back.
 */
@Injectable()
export class AdminBootstrap implements OnApplicationBootstrap {
  private readonly logger = new Logger(AdminBootstrap.name);

  constructor(
    @Inject(ENV) private readonly env: Pick<UserEnv, 'ADMIN_EMAIL' | 'ADMIN_PASSWORD'>,
    private readonly users: UserRepository,
    private readonly admins: AdminAccounts,
  ) {}

  // The unique index is there by now: the modules this one imports have had their turn.
  async onApplicationBootstrap(): Promise<void> {
    const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = this.env;
    if (email === undefined || password === undefined) return;
    const existing = await this.users.findByEmail(email);
    if (!existing) await this.#create(email, password);
    else if (existing.role !== 'admin')
      this.logger.warn('ADMIN_EMAIL belongs to an account that is no admin; it stays so');
  }

  async #create(email: string, password: string): Promise<void> {
    try {
      await this.admins.create({ email, name: 'Admin', password });
      this.logger.log('first admin created');
    } catch (error) {
      // Another replica was faster.
      if (!(error instanceof AppError) || error.code !== 'EMAIL_TAKEN') throw error;
    }
  }
}
