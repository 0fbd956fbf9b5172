import { type DynamicModule, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { ACCESS_TOKEN_SECONDS, ALGORITHM, AUDIENCE, type AuthConfig, ISSUER } from './access-token.ts';
import { TokenService } from './token.service.ts';

/** For the service that issues access tokens. */
@Module({})
export class TokenModule {
  static forRoot({ secret }: AuthConfig): DynamicModule {
    const signOptions = {
      algorithm: ALGORITHM,
      issuer: ISSUER,
      audience: AUDIENCE,
      expiresIn: ACCESS_TOKEN_SECONDS,
    } as const;
    return {
      module: TokenModule,
      imports: [JwtModule.register({ secret, signOptions })],
      providers: [TokenService],
      exports: [TokenService],
    };
  }
}
