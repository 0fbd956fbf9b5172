import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { z } from 'zod';
import { AUDIENCE, ISSUER, KEY_RING, type Principal, readClaims } from './access-token.ts';
import { type BearerRequest, bearerToken } from './bearer-token.ts';
import type { KeyRing } from './keys.ts';
import { VerifiedTokens } from './verified-tokens.ts';

const Header = z.object({ kid: z.string() });

/** Verifies access tokens; what makes them valid is pinned here. The token only says which of our keys it was signed with. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  readonly #verified: VerifiedTokens;

  constructor(@Inject(KEY_RING) { algorithm, keys }: KeyRing, verified: VerifiedTokens) {
    const keyOf = new Map(keys.map(({ kid, key }) => [kid, key]));
    super({
      jwtFromRequest: bearerToken,
      secretOrKeyProvider: (_request, token: string, done) => {
        const key = keyOf.get(kidOf(token) ?? '');
        if (key === undefined) done(new Error('unknown key'));
        // Of bytes or text jsonwebtoken makes a key object for each token, a twelfth of what a request costs here. It takes
        // one as it is (verify.js); the types of passport-jwt do not say so.
        else done(null, key as unknown as Buffer);
      },
      algorithms: [algorithm],
      issuer: ISSUER,
      audience: AUDIENCE,
      passReqToCallback: true,
    });
    this.#verified = verified;
  }

  validate(request: BearerRequest, claims: unknown): Principal | null {
    const verified = readClaims(claims);
    const token = bearerToken(request);
    if (!verified || token === null) return null;
    this.#verified.remember(token, verified);
    return verified.principal;
  }
}

function kidOf(token: string): string | undefined {
  const [header = ''] = token.split('.');
  try {
    return Header.safeParse(JSON.parse(Buffer.from(header, 'base64url').toString())).data?.kid;
  } catch {
    return undefined;
  }
}
