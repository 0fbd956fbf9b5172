import type { KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { z } from 'zod';
import { AUDIENCE, ISSUER, KEY_RING, type Principal, principalOf } from './access-token.ts';
import { bearerToken } from './bearer-token.ts';
import type { KeyRing } from './keys.ts';

const Header = z.object({ kid: z.string() });

/** Verifies access tokens; what makes them valid is pinned here. The token only says which of our keys it was signed with. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(@Inject(KEY_RING) { algorithm, keys }: KeyRing) {
    const keyOf = new Map(keys.map(({ kid, key }) => [kid, materialOf(key)]));
    super({
      jwtFromRequest: bearerToken,
      secretOrKeyProvider: (_request, token: string, done) => {
        const key = keyOf.get(kidOf(token) ?? '');
        if (key === undefined) done(new Error('unknown key'));
        else done(null, key);
      },
      algorithms: [algorithm],
      issuer: ISSUER,
      audience: AUDIENCE,
    });
  }

  validate(claims: unknown): Principal | null {
    return principalOf(claims);
  }
}

// The library takes text and bytes.
const materialOf = (key: KeyObject): string | Buffer =>
  key.type === 'secret' ? key.export() : key.export({ type: 'spki', format: 'pem' });

function kidOf(token: string): string | undefined {
  const [header = ''] = token.split('.');
  try {
    return Header.safeParse(JSON.parse(Buffer.from(header, 'base64url').toString())).data?.kid;
  } catch {
    return undefined;
  }
}
