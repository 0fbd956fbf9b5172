import { Inject, Injectable } from '@nestjs/common';
import { ACCESS_TOKEN_SECONDS, TokenService } from '@souk/auth';
import {
  AppError,
  type HandlerInput,
  type Session,
  type User,
  type userContracts,
  validationFailed,
} from '@souk/contracts';
import { ENV, type UserEnv } from './env.ts';
import { PasswordHasher } from './password-hasher.ts';
import { isLongEnough } from './password.policy.ts';
import { type OpenSession, SessionService } from './session.service.ts';
import { UserRepository } from './user.repository.ts';

type Input<Call extends keyof typeof userContracts> = HandlerInput<(typeof userContracts)[Call]>;

@Injectable()
export class UserService {
  constructor(
    private readonly users: UserRepository,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionService,
    private readonly tokens: TokenService,
    @Inject(ENV) private readonly env: Pick<UserEnv, 'PASSWORD_MIN_LENGTH'>,
  ) {}

  async register({ email, password, name }: Input<'register'>): Promise<Session> {
    const min = this.env.PASSWORD_MIN_LENGTH;
    if (!isLongEnough(password, min)) {
      throw validationFailed([{ field: 'password', message: `Use at least ${min} characters.` }]);
    }
    const passwordHash = await this.hasher.hash(password);
    const user = await this.users.create({ email, name, role: 'customer', passwordHash });
    return this.#sessionOf(user, await this.sessions.open(user.id));
  }

  async login({ email, password }: Input<'login'>): Promise<Session> {
    const account = await this.users.findCredentials(email);
    const matches = await this.hasher.verify(account?.passwordHash, password);
    if (!account || !matches) throw new AppError('INVALID_CREDENTIALS');
    return this.#sessionOf(account.user, await this.sessions.open(account.user.id));
  }

  async refresh({ refreshToken }: Input<'refresh'>): Promise<Session> {
    const session = await this.sessions.renew(refreshToken);
    const user = await this.users.findById(session.userId);
    if (!user) throw new AppError('UNAUTHENTICATED');
    return this.#sessionOf(user, session);
  }

  async get({ userId }: Input<'get'>): Promise<User> {
    const user = await this.users.findById(userId);
    if (!user) throw new AppError('USER_NOT_FOUND');
    return user;
  }

  async #sessionOf(user: User, { sid, refreshToken }: OpenSession): Promise<Session> {
    const accessToken = await this.tokens.sign({ userId: user.id, role: user.role, sid, email: user.email });
    return { user, accessToken, refreshToken, expiresIn: ACCESS_TOKEN_SECONDS };
  }
}
