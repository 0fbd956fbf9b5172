import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal, Verified } from './access-token.ts';

const MOST = 5_000;

/**
 * Access tokens whose signature and claims were found good, until they expire: the same token comes with each request of a
 * session. Whether it was taken back is asked each time (`RevocationGuard`), not here.
 */
@Injectable()
export class VerifiedTokens {
  readonly #tokens = new LRUCache<string, Verified>({ max: MOST });

  remember(token: string, verified: Verified): void {
    this.#tokens.set(token, verified);
  }

  find(token: string): Principal | undefined {
    const verified = this.#tokens.get(token);
    return verified && verified.expiresAt > Date.now() ? verified.principal : undefined;
  }
}
