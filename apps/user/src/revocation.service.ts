import { Injectable } from '@nestjs/common';
import { ACCESS_TOKEN_SECONDS } from '@souk/auth';
import { type Revocation, userRevoked } from '@souk/contracts';
import { RpcClient } from '@souk/rpc';
import { type RevocationPage, RevocationRepository } from './revocation.repository.ts';

/** How far the clocks of two hosts may lie apart, in milliseconds. */
const SKEW_MS = 10_000;

/** Takes access tokens back: written down for gateways that start or come back, told to those that listen. */
@Injectable()
export class RevocationService {
  constructor(
    private readonly revocations: RevocationRepository,
    private readonly rpc: RpcClient,
  ) {}

  revokeSession(sid: string, at: Date): Promise<void> {
    return this.#revoke({ of: 'session', sid, until: lastExpiry(at) });
  }

  /** Those of all sessions that began before `at`. */
  revokeUser(userId: string, at: Date): Promise<void> {
    return this.#revoke({ of: 'user', userId, notBefore: at.toISOString(), until: lastExpiry(at) });
  }

  page(after = '', now = new Date()): Promise<RevocationPage> {
    return this.revocations.page(after, now);
  }

  // Written first: a gateway that missed the announcement asks for what is written.
  async #revoke(revocation: Revocation): Promise<void> {
    await this.revocations.add(revocation);
    this.rpc.publish(userRevoked, revocation);
  }
}

const lastExpiry = (at: Date): string => new Date(at.getTime() + ACCESS_TOKEN_SECONDS * 1_000 + SKEW_MS).toISOString();
