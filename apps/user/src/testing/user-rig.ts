import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getModelToken } from '@nestjs/mongoose';
import { Revocation } from '@souk/contracts';
import { testMongoUrl } from '@souk/mongo/testing';
import { RpcClient } from '@souk/rpc';
import type { Model } from 'mongoose';
import { UserEnv } from '../env.ts';
import { REVOCATION, type RevocationDocument } from '../revocation.schema.ts';
import { SESSION, type SessionDocument } from '../session.schema.ts';
import { SessionService } from '../session.service.ts';
import { userParts } from '../user.module.ts';
import { UserRepository } from '../user.repository.ts';
import { USER, type UserDocument } from '../user.schema.ts';
import { UserService } from '../user.service.ts';

export const jwtSecret = 'a secret of thirty-two bytes or more';

/** The environment of a replica on a database of its own. */
export const userEnv = (variables: Record<string, string> = {}): UserEnv =>
  UserEnv.parse({ MONGODB_URL: testMongoUrl('user'), JWT_SECRET: jwtSecret, ...variables });

/** One replica of the user service, without the bus. */
export async function startUsers(env: UserEnv = userEnv()) {
  const revoked: Revocation[] = [];
  const rpc: Pick<RpcClient, 'publish'> = {
    publish: (_event, payload) => void revoked.push(Revocation.parse(payload)),
  };
  const { imports, providers } = userParts(env);
  @Module({ imports, providers: [...providers, { provide: RpcClient, useValue: rpc }] })
  class Users {}

  const app = await NestFactory.createApplicationContext(Users, { logger: false, abortOnError: false });
  return {
    env,
    service: app.get(UserService),
    /** What was told on the bus. */
    revoked,
    repository: app.get(UserRepository),
    sessions: app.get(SessionService),
    storedUsers: app.get<Model<UserDocument>>(getModelToken(USER)).collection,
    storedRevocations: app.get<Model<RevocationDocument>>(getModelToken(REVOCATION)).collection,
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
