import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getModelToken, MongooseModule } from '@nestjs/mongoose';
import { hash, verify } from '@node-rs/argon2';
import { TokenModule } from '@souk/auth';
import { MongoModule } from '@souk/mongo';
import { testMongoUrl } from '@souk/mongo/testing';
import { PlatformModule } from '@souk/platform';
import type { Model } from 'mongoose';
import { AdminBootstrap } from '../admin.bootstrap.ts';
import { ENV, UserEnv } from '../env.ts';
import { PasswordHasher } from '../password-hasher.ts';
import { SessionRepository } from '../session.repository.ts';
import { SESSION, type SessionDocument, sessionSchema } from '../session.schema.ts';
import { SessionService } from '../session.service.ts';
import { UserRepository } from '../user.repository.ts';
import { USER, type UserDocument, userSchema } from '../user.schema.ts';
import { UserService } from '../user.service.ts';

export const jwtSecret = 'a secret of thirty-two bytes or more';

/** The environment of a replica on a database of its own. */
export const userEnv = (variables: Record<string, string> = {}): UserEnv =>
  UserEnv.parse({ MONGODB_URL: testMongoUrl('user'), JWT_SECRET: jwtSecret, ...variables });

/** One replica of the user service, without the bus. */
export async function startUsers(env: UserEnv = userEnv()) {
  @Module({
    imports: [
      PlatformModule,
      MongoModule.forRoot(env.MONGODB_URL),
      MongooseModule.forFeature([
        { name: USER, schema: userSchema },
        { name: SESSION, schema: sessionSchema },
      ]),
      TokenModule.forRoot({ secret: env.JWT_SECRET }),
    ],
    providers: [
      { provide: ENV, useValue: env },
      { provide: PasswordHasher, useFactory: () => new PasswordHasher({ hash, verify }) },
      UserService,
      UserRepository,
      SessionService,
      SessionRepository,
      AdminBootstrap,
    ],
  })
  class Users {}

  const app = await NestFactory.createApplicationContext(Users, { logger: false, abortOnError: false });
  return {
    service: app.get(UserService),
    repository: app.get(UserRepository),
    sessions: app.get(SessionService),
    storedUsers: app.get<Model<UserDocument>>(getModelToken(USER)).collection,
    storedSessions: app.get<Model<SessionDocument>>(getModelToken(SESSION)).collection,
    [Symbol.asyncDispose]: () => app.close(),
  };
}
export type UserRig = Awaited<ReturnType<typeof startUsers>>;

/** The code a call was refused with, or `ok`. */
export const codeOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
    return 'ok';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
};
