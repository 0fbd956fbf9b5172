import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import {
  ALGORITHM,
  AUDIENCE,
  AUTH_CONFIG,
  type AuthConfig,
  ISSUER,
  type Principal,
  principalOf,
} from './access-token.ts';
import { bearerToken } from './bearer-token.ts';

/** Verifies access tokens; what makes them valid is pinned here and never read from the token. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(@Inject(AUTH_CONFIG) { secret }: AuthConfig) {
    super({
      jwtFromRequest: bearerToken,
      secretOrKey: secret,
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
    });
  }

  validate(claims: unknown): Principal | null {
    return principalOf(claims);
  }
}
