import { type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { userContracts } from '@souk/contracts';
import { runInContext } from '@souk/platform';
import { type RpcClient, RpcServer } from '@souk/rpc';
import { NatsServer, startOnBus } from '@souk/rpc/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, userEnv } from './testing/user-rig.ts';
import { UserModule } from './user.module.ts';

const closing = new AsyncDisposableStack();
let rpc: RpcClient;

beforeAll(async () => {
  const nats = closing.use(await NatsServer.start());
  closing.defer(
    (
      (app) => () =>
        app.close()
    )(await startService(nats.url)),
  );
  const caller = closing.use(await startOnBus('caller', nats.url));
  rpc = caller.rpc;
});
afterAll(() => closing.disposeAsync());

async function startService(natsUrl: string): Promise<INestApplication> {
  const module = UserModule.with(userEnv({ NATS_URL: natsUrl }));
  const app = await NestFactory.create(module, new FastifyAdapter(), { logger: false, abortOnError: false });
  app.connectMicroservice({ strategy: app.get(RpcServer) }, { inheritAppConfig: true });
  await app.init();
  return app.startAllMicroservices();
}

const nobody = 'f'.repeat(24);

/** What a caller is told of a user's profile who acts for another one, or the same. */
const profileAs = (actor: string, userId: string) =>
  runInContext({ requestId: 'r-profile', actingUser: { userId: actor, role: 'customer' } }, () =>
    rpc.call(userContracts.get, { userId }),
  );

describe('the user service on the bus', () => {
  it('registers, logs in, renews and answers the profile', async () => {
    const account = { email: ' User@Test.com ', password: 'pass123' };
    const { user } = await rpc.call(userContracts.register, { ...account, name: 'Test User' });
    const { refreshToken } = await rpc.call(userContracts.login, account);
    const renewed = await rpc.call(userContracts.refresh, { refreshToken });
    expect(renewed.user).toEqual(user);
    expect(await profileAs(user.id, user.id)).toEqual(user);
    expect(user).toEqual({ id: user.id, email: 'user@test.com', name: 'Test User', role: 'customer' });
  });

  it('shows a profile to nobody but its owner', async () => {
    const { user } = await rpc.call(userContracts.register, { email: 'd@test.com', password: 'pass123', name: 'D' });
    expect(await codeOf(profileAs(nobody, user.id))).toBe('FORBIDDEN');
    expect(await codeOf(rpc.call(userContracts.get, { userId: user.id }))).toBe('FORBIDDEN');
  });

  it('says on the bus why it refuses', async () => {
    const account = { email: 'b@test.com', password: 'pass123', name: 'B' };
    await rpc.call(userContracts.register, account);
    expect(await codeOf(rpc.call(userContracts.register, account))).toBe('EMAIL_TAKEN');
    expect(await codeOf(rpc.call(userContracts.login, { email: account.email, password: 'wrong12' }))).toBe(
      'INVALID_CREDENTIALS',
    );
    expect(await codeOf(rpc.call(userContracts.refresh, { refreshToken: 'x'.repeat(43) }))).toBe('UNAUTHENTICATED');
    expect(await codeOf(profileAs(nobody, nobody))).toBe('USER_NOT_FOUND');
    const short = rpc.call(userContracts.register, { ...account, email: 'c@test.com', password: 'pass1' });
    await expect(short).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      details: { errors: [{ field: 'password' }] },
    });
  });

  it.each([
    ['an operator for an e-mail', { email: { $gt: '' }, password: 'pass123' }],
    ['an operator for a password', { email: 'b@test.com', password: { $ne: '' } }],
    ['an unknown field', { email: 'b@test.com', password: 'pass123', role: 'admin' }],
  ])('takes no login with %s', async (_, input: object) => {
    expect(await codeOf(rpc.call(userContracts.login, input as never))).toBe('VALIDATION_FAILED');
  });

  it('makes nobody admin by registration', async () => {
    const account = { email: 'd@test.com', password: 'pass123', name: 'D', role: 'admin' };
    expect(await codeOf(rpc.call(userContracts.register, account))).toBe('VALIDATION_FAILED');
  });
});
