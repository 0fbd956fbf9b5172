import { type DynamicModule, Module } from '@nestjs/common';
import { KEY_RING } from './access-token.ts';
import { JwtStrategy } from './jwt.strategy.ts';
import type { KeyRing } from './keys.ts';
import { VerifiedTokens } from './verified-tokens.ts';

/** For the app that verifies access tokens. It registers `JwtAuthGuard` and `RolesGuard` itself, in that order. */
@Module({})
export class AuthModule {
  static forRoot(ring: KeyRing): DynamicModule {
    const providers = [{ provide: KEY_RING, useValue: ring }, JwtStrategy, VerifiedTokens];
    return { module: AuthModule, providers, exports: [VerifiedTokens] };
  }
}
