import { Inject, Injectable, Logger } from '@nestjs/common';
import { AppError } from '@souk/contracts';
import { ENV, type UserEnv } from './env.ts';
import { drawToken, hashOf, sessionIdOf, successorKey, successorOf } from './refresh-token.ts';
import { RevocationService } from './revocation.service.ts';
import { judgeSpent, SESSION_LIFE_MS } from './session.policy.ts';
import { SessionRepository } from './session.repository.ts';
import type { SessionDocument } from './session.schema.ts';

export interface OpenSession {
  sid: string;
  userId: string;
  since: Date;
  refreshToken: string;
}

/** Logins, and the refresh tokens that keep them alive (RFC 9700 §4.14.2: rotation with reuse detection). */
@Injectable()
export class SessionService {
  private readonly logger = new Logger(SessionService.name);
  /** The first one makes successors; the others made some before the keys were changed. */
  readonly #keys: readonly [Buffer, ...Buffer[]];

  constructor(
    private readonly sessions: SessionRepository,
    private readonly revocations: RevocationService,
    @Inject(ENV) { keyRing }: Pick<UserEnv, 'keyRing'>,
  ) {
    const [first, ...others] = keyRing.keys;
    this.#keys = [successorKey(first.key), ...others.map(({ key }) => successorKey(key))];
  }

  /** `since` is before the password was looked at: a change of it meanwhile ends this session too. */
  async open(userId: string, since: Date): Promise<OpenSession> {
    const refreshToken = drawToken();
    const sid = sessionIdOf(refreshToken);
    const expiresAt = new Date(since.getTime() + SESSION_LIFE_MS);
    await this.sessions.insert({ _id: sid, userId, current: hashOf(refreshToken), createdAt: since, expiresAt });
    return { sid, userId, since, refreshToken };
  }

  /** Ends a session of the user's; does nothing to one that is somebody else's. */
  async end(sid: string, userId: string, now = new Date()): Promise<void> {
    if (await this.sessions.revoke(sid, userId, now)) await this.revocations.revokeSession(sid, now);
  }

  /** Exchanges a token for its successor. Throws `UNAUTHENTICATED`; a spent token takes its whole session with it. */
  async renew(token: string, now = new Date()): Promise<OpenSession> {
    const sid = sessionIdOf(token);
    const refreshToken = successorOf(this.#keys[0], token);
    const rotation = { from: hashOf(token), to: hashOf(refreshToken), at: now };
    const session = await this.sessions.rotate(sid, rotation);
    if (!session) return this.#repeat(sid, token, now);
    return { sid, userId: session.userId, since: session.createdAt, refreshToken };
  }

  async #repeat(sid: string, token: string, now: Date): Promise<OpenSession> {
    const session = await this.sessions.findById(sid);
    const verdict = judgeSpent(session, hashOf(token), now);
    const successors = this.#keys.map((key) => successorOf(key, token));
    const refreshToken = successors.find((successor) => hashOf(successor) === session?.current);
    if (session && verdict === 'repeat' && refreshToken !== undefined) {
      return { sid, userId: session.userId, since: session.createdAt, refreshToken };
    }
    if (session && verdict === 'reuse') await this.#revoke(session, now);
    throw new AppError('UNAUTHENTICATED', { message: 'The refresh token is not valid. Log in again.' });
  }

  async #revoke({ _id: sid, userId }: SessionDocument, now: Date): Promise<void> {
    await this.end(sid, userId, now);
    this.logger.warn(`session ${sid} revoked: a spent refresh token was used again`);
  }
}
