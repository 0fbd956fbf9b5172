import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Principal } from '@souk/auth';
import { AppError, type Revocation, userContracts, userRevoked } from '@souk/contracts';
import { HealthService, Repeater } from '@souk/platform';
import { RpcClient } from '@souk/rpc';

/** Milliseconds between two looks whether something is missing or has run out. */
const LOOK_EVERY_MS = 1_000;

/**
 * The access tokens that were taken back before they expired, kept in this process: looking one up costs no call. What is
 * announced is added; the whole set is asked for at the start and after each reconnect, when announcements have been
 * missed.
 */
@Injectable()
export class Revocations implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger(Revocations.name);
  readonly #sessions = new Map<string, number>();
  readonly #users = new Map<string, { notBefore: number; until: number }>();
  readonly #repeater = new Repeater(LOOK_EVERY_MS, () => this.#look());
  /** Counts the reconnects, so that a set that was asked for before one is not taken for complete. */
  #missed = 1;
  #complete = 0;

  constructor(
    private readonly rpc: RpcClient,
    health: HealthService,
  ) {
    rpc.subscribe(userRevoked, (revocation) => this.#add(revocation));
    rpc.onReconnect(() => void (this.#missed += 1));
    health.add({ name: 'revocations', critical: false, check: async () => this.#refuseUnread() });
  }

  /** Waits for the first set, so that this gateway does not begin with refusals; not for longer than one call may take. */
  async onApplicationBootstrap(): Promise<void> {
    await this.#look().catch((error: unknown) => this.#logger.warn(`revocations are not known yet: ${String(error)}`));
    this.#repeater.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.#repeater.stop();
  }

  /**
   * Throws `UNAUTHENTICATED` where the token was taken back. Before the set was read once nobody can tell, so everybody is
   * told to come again: `SERVICE_UNAVAILABLE`. After a reconnect the last set counts until the new one is there.
   */
  check({ sid, userId, since }: Principal): void {
    this.#refuseUnread();
    const { notBefore = -Infinity } = this.#users.get(userId) ?? {};
    if (this.#sessions.has(sid) || since.getTime() < notBefore) throw new AppError('UNAUTHENTICATED');
  }

  #refuseUnread(): void {
    if (this.#complete === 0) throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 });
  }

  async #look(): Promise<void> {
    this.#forget(Date.now());
    const missed = this.#missed;
    if (this.#complete === missed) return;
    await this.#load();
    this.#complete = missed;
    this.#logger.debug(`${this.#sessions.size} sessions and ${this.#users.size} users are revoked`);
  }

  async #load(): Promise<void> {
    let after: string | undefined;
    do {
      const { items, next } = await this.rpc.call(userContracts.revocations, { after });
      for (const revocation of items) this.#add(revocation);
      after = next ?? undefined;
    } while (after !== undefined);
  }

  #add(revocation: Revocation): void {
    const until = Date.parse(revocation.until);
    switch (revocation.of) {
      case 'session':
        this.#sessions.set(revocation.sid, until);
        return;
      case 'user': {
        const known = this.#users.get(revocation.userId);
        const notBefore = Math.max(Date.parse(revocation.notBefore), known?.notBefore ?? 0);
        this.#users.set(revocation.userId, { notBefore, until: Math.max(until, known?.until ?? 0) });
      }
    }
  }

  #forget(now: number): void {
    for (const [sid, until] of this.#sessions) if (until <= now) this.#sessions.delete(sid);
    for (const [userId, { until }] of this.#users) if (until <= now) this.#users.delete(userId);
  }
}
