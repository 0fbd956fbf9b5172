import { type DynamicModule, Module } from '@nestjs/common';
import { AUTH_CONFIG, type AuthConfig } from './access-token.ts';
import { JwtStrategy } from './jwt.strategy.ts';

/** For the app that verifies access tokens. It registers `JwtAuthGuard` and `RolesGuard` itself, in that order. */
@Module({})
export class AuthModule {
  static forRoot(config: AuthConfig): DynamicModule {
    return { module: AuthModule, providers: [{ provide: AUTH_CONFIG, useValue: config }, JwtStrategy] };
  }
}
