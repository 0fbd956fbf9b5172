import { type DynamicModule, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { ACCESS_TOKEN_SECONDS, AUDIENCE, ISSUER } from './access-token.ts';
import type { KeyRing } from './keys.ts';
import { TokenService } from './token.service.ts';

/** For the service that issues access tokens. */
@Module({})
export class TokenModule {
  static forRoot({ algorithm, keys: [{ kid, key }] }: KeyRing): DynamicModule {
    const signOptions = {
      algorithm,
      keyid: kid,
      issuer: ISSUER,
      audience: AUDIENCE,
      expiresIn: ACCESS_TOKEN_SECONDS,
    } as const;
    return {
      module: TokenModule,
      imports: [JwtModule.register({ secretOrKeyProvider: () => key, signOptions })],
      providers: [TokenService],
      exports: [TokenService],
    };
  }
}
