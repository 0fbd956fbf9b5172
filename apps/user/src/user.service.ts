import { Inject, Injectable, Logger } from '@nestjs/common';
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
import { RevocationService } from './revocation.service.ts';
import { type OpenSession, SessionService } from './session.service.ts';
import { type Credentials, UserRepository } from './user.repository.ts';

type Input<Call extends keyof typeof userContracts> = HandlerInput<(typeof userContracts)[Call]>;

@Injectable()
export class UserService {
  readonly #logger = new Logger(UserService.name);

  constructor(
    private readonly users: UserRepository,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionService,
    private readonly revocations: RevocationService,
    private readonly tokens: TokenService,
    @Inject(ENV) private readonly env: Pick<UserEnv, 'PASSWORD_MIN_LENGTH'>,
  ) {}

  async register({ email, password, name }: Input<'register'>): Promise<Session> {
    const since = new Date();
    this.#refuseShort('password', password);
    const passwordHash = await this.hasher.hash(password);
    const user = await this.users.create({ email, name, role: 'customer', passwordHash });
    return this.#sessionOf(user, await this.sessions.open(user.id, since));
  }

  async login({ email, password }: Input<'login'>): Promise<Session> {
    const since = new Date();
    const account = await this.hasher.inTurn(() => this.#recognize(email, password));
    if (!account) throw new AppError('INVALID_CREDENTIALS');
    await this.#renewHash(account, password);
    return this.#sessionOf(account.user, await this.sessions.open(account.user.id, since));
  }

  async refresh({ refreshToken }: Input<'refresh'>): Promise<Session> {
    const session = await this.sessions.renew(refreshToken);
    const account = await this.users.findAccount(session.userId);
    if (!account || session.since < account.validSince) throw new AppError('UNAUTHENTICATED');
    return this.#sessionOf(account.user, session);
  }

  async logout({ userId, sid }: Input<'logout'>) {
    await this.sessions.end(sid, userId);
    return {};
  }

  async logoutAll({ userId }: Input<'logoutAll'>) {
    const now = new Date();
    if (!(await this.users.endSessions(userId, now))) throw new AppError('USER_NOT_FOUND');
    await this.revocations.revokeUser(userId, now);
    return {};
  }

  /** Ends every session of the account, the caller's too, and begins a new one. */
  async changePassword({ userId, currentPassword, newPassword }: Input<'changePassword'>): Promise<Session> {
    this.#refuseShort('newPassword', newPassword);
    const account = await this.users.findCredentialsById(userId);
    if (!account) throw new AppError('USER_NOT_FOUND');
    if (!(await this.hasher.verify(account.passwordHash, currentPassword))) throw new AppError('INVALID_CREDENTIALS');
    const passwordHash = await this.hasher.hash(newPassword);
    const now = new Date();
    const isChanged = await this.users.changePassword(userId, account.passwordHash, passwordHash, now);
    // Another change came in between: the password that was given is the current one no more.
    if (!isChanged) throw new AppError('INVALID_CREDENTIALS');
    await this.revocations.revokeUser(userId, now);
    return this.#sessionOf(account.user, await this.sessions.open(userId, now));
  }

  listRevocations({ after }: Input<'revocations'>) {
    return this.revocations.page(after);
  }

  async get({ userId }: Input<'get'>): Promise<User> {
    const user = await this.users.findById(userId);
    if (!user) throw new AppError('USER_NOT_FOUND');
    return user;
  }

  async #recognize(email: string, password: string): Promise<Credentials | null> {
    const account = await this.users.findCredentials(email);
    const matches = await this.hasher.verify(account?.passwordHash, password);
    return matches ? account : null;
  }

  // Only now is the password known from which a hash by today's rules can be made. If that fails, the next login does it.
  async #renewHash({ user, passwordHash }: Credentials, password: string): Promise<void> {
    if (!this.hasher.isOutdated(passwordHash)) return;
    try {
      await this.users.replaceHash(user.id, passwordHash, await this.hasher.hash(password));
    } catch (error) {
      this.#logger.debug(`the hash of ${user.id} stays as it is: ${String(error)}`);
    }
  }

  #refuseShort(field: string, password: string): void {
    const min = this.env.PASSWORD_MIN_LENGTH;
    if (isLongEnough(password, min)) return;
    throw validationFailed([{ field, message: `Use at least ${min} characters.` }]);
  }

  #sessionOf(user: User, { sid, since, refreshToken }: OpenSession): Session {
    const accessToken = this.tokens.sign({ userId: user.id, role: user.role, sid, since, email: user.email });
    return { user, accessToken, refreshToken, expiresIn: ACCESS_TOKEN_SECONDS };
  }
}
