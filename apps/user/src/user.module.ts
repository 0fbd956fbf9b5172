import { type DynamicModule, Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { hash, verify } from '@node-rs/argon2';
import { compare as bcryptCompare } from '@node-rs/bcrypt';
import { TokenModule } from '@souk/auth';
import { MongoModule } from '@souk/mongo';
import { opsModule, PlatformModule } from '@souk/platform';
import { RpcModule } from '@souk/rpc';
import { AdminAccounts } from './admin.accounts.ts';
import { AdminBootstrap } from './admin.bootstrap.ts';
import { type AdminEnv, ENV, type UserEnv } from './env.ts';
import { PasswordHasher } from './password-hasher.ts';
import { RevocationRepository } from './revocation.repository.ts';
import { REVOCATION, revocationSchema } from './revocation.schema.ts';
import { RevocationService } from './revocation.service.ts';
import { SessionRepository } from './session.repository.ts';
import { SessionShare } from './session-share.ts';
import { SESSION, sessionSchema } from './session.schema.ts';
import { SessionService } from './session.service.ts';
import { UserController } from './user.controller.ts';
import { UserRepository } from './user.repository.ts';
import { USER, userSchema } from './user.schema.ts';
import { UserService } from './user.service.ts';

function gentleHasher(): PasswordHasher {
  const share = new SessionShare();
  return new PasswordHasher({ hash, verify }, bcryptCompare, (tookMs) => share.hashed(tookMs));
}

/** Accounts alone: what it takes to make an admin. */
export const accountParts = ({ MONGODB_URL }: AdminEnv) => ({
  imports: [
    PlatformModule,
    MongoModule.forRoot(MONGODB_URL),
    MongooseModule.forFeature([{ name: USER, schema: userSchema }]),
  ],
  providers: [{ provide: PasswordHasher, useFactory: gentleHasher }, UserRepository, AdminAccounts],
});

/** What the service is made of, apart from its ends: the bus and the private port. */
export const userParts = (env: UserEnv, accounts = accountParts(env)) => ({
  imports: [
    ...accounts.imports,
    MongooseModule.forFeature([
      { name: SESSION, schema: sessionSchema },
      { name: REVOCATION, schema: revocationSchema },
    ]),
    TokenModule.forRoot(env.keyRing),
  ],
  providers: [
    ...accounts.providers,
    { provide: ENV, useValue: env },
    UserService,
    SessionService,
    SessionRepository,
    RevocationService,
    RevocationRepository,
    AdminBootstrap,
  ],
});

@Module({})
export class UserModule {
  static with(env: UserEnv): DynamicModule {
    const { imports, providers } = userParts(env);
    return {
      module: UserModule,
      imports: [
        ...imports,
        opsModule('user'),
        RpcModule.forRoot({ name: 'user', url: env.NATS_URL, maxInFlight: env.MAX_IN_FLIGHT }),
      ],
      controllers: [UserController],
      providers,
    };
  }
}
