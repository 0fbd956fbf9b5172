import { createHmac, generateKeyPairSync } from 'node:crypto';
import { Controller, Get, type INestApplication, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { EnvError, parseEnv } from '@souk/platform';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  AuthModule,
  CurrentUser,
  JwtAuthGuard,
  type KeyRing,
  type Principal,
  signingVariables,
  TokenModule,
  TokenService,
  verifyingVariables,
  withKeyRing,
} from './index.ts';

type Variables = Record<string, string>;
const signingRing = (variables: Variables): KeyRing =>
  parseEnv(z.object(signingVariables).transform(withKeyRing), variables).keyRing;
const verifyingRing = (variables: Variables): KeyRing =>
  parseEnv(z.object(verifyingVariables).transform(withKeyRing), variables).keyRing;

const secret = (name: string): string => `${name} secret of thirty-two bytes or more`;
function pair(namedCurve = 'P-256') {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

const principal: Principal = { userId: 'a'.repeat(24), role: 'customer', sid: 'b'.repeat(24), since: new Date(1_000) };

const closing: INestApplication[] = [];
afterEach(async () => {
  for (const app of closing.splice(0)) await app.close();
});

@Controller()
class Routes {
  @Get('own')
  own(@CurrentUser() { userId }: Principal) {
    return { userId };
  }
}

/** Signs like a user service with this environment. */
async function signer(variables: Variables): Promise<() => string> {
  @Module({ imports: [TokenModule.forRoot(signingRing(variables))] })
  class Signer {}
  const app = await NestFactory.create(Signer, new FastifyAdapter(), { logger: false });
  closing.push(app);
  return () => app.get(TokenService).sign(principal);
}

/**
 * Verifies like a gateway with this environment; answers the status of a request with the token. Passport knows one
 * strategy in a process: the last one that was made.
 */
async function verifier(variables: Variables): Promise<(token: string) => Promise<number>> {
  @Module({
    imports: [AuthModule.forRoot(verifyingRing(variables))],
    controllers: [Routes],
    providers: [{ provide: APP_GUARD, useClass: JwtAuthGuard }],
  })
  class Verifier {}
  const app = await NestFactory.create<NestFastifyApplication>(Verifier, new FastifyAdapter(), { logger: false });
  closing.push(app);
  await app.init();
  const ask = async (token: string) =>
    (await app.inject({ url: '/own', headers: { authorization: `Bearer ${token}` } })).statusCode;
  return ask;
}

const OK = 200;
// The guard's own error becomes 401 in the gateway's filter, which is not here.
const REFUSED = 500;

describe('the secret of HS256', () => {
  it.each(['x'.repeat(31), 'secret'.repeat(8), 'changeme'.repeat(5)])(
    'stops the start, named but not shown, when it is %j',
    (value) => {
      const start = () => verifyingRing({ JWT_SECRET: value });
      expect(start).toThrow(EnvError);
      expect(start).toThrow(/JWT_SECRET: Use a /);
      expect(start).not.toThrow(new RegExp(value));
    },
  );

  it('is missed, by its name, when there is no key at all', () => {
    expect(() => verifyingRing({})).toThrow(/JWT_SECRET: Set either/);
    expect(() => signingRing({ JWT_SECRET: '' })).toThrow(/JWT_SECRET: Set either/);
  });

  it('is changed without one token refused: accepted everywhere, then used, then alone', async () => {
    const [before, after] = [secret('an old'), secret('a new')];
    const oldSigner = await signer({ JWT_SECRET: before });
    const newSigner = await signer({ JWT_SECRET: after, JWT_ACCEPTED_SECRETS: before });
    const tokens = [await oldSigner(), await newSigner()];
    const statuses = async (variables: Variables) => {
      const ask = await verifier(variables);
      return Promise.all(tokens.map(ask));
    };
    expect(await statuses({ JWT_SECRET: before })).toEqual([OK, REFUSED]);
    expect(await statuses({ JWT_SECRET: before, JWT_ACCEPTED_SECRETS: after })).toEqual([OK, OK]);
    expect(await statuses({ JWT_SECRET: after, JWT_ACCEPTED_SECRETS: before })).toEqual([OK, OK]);
    expect(await statuses({ JWT_SECRET: after })).toEqual([REFUSED, OK]);
  });
});

describe('the keys of ES256', () => {
  it('sign in one app and verify in another, which cannot sign', async () => {
    const { privatePem, publicPem } = pair();
    const ask = await verifier({ JWT_PUBLIC_KEYS: publicPem.replaceAll('\n', '\\n') });
    expect(await ask(await (await signer({ JWT_PRIVATE_KEYS: privatePem }))())).toBe(OK);
    expect(() => verifyingRing({ JWT_PUBLIC_KEYS: privatePem })).toThrow(/JWT_PUBLIC_KEYS: /);
  });

  it('are changed without one token refused', async () => {
    const [before, after] = [pair(), pair()];
    const ask = await verifier({ JWT_PUBLIC_KEYS: before.publicPem + after.publicPem });
    const oldSigner = await signer({ JWT_PRIVATE_KEYS: before.privatePem });
    const newSigner = await signer({ JWT_PRIVATE_KEYS: after.privatePem + before.privatePem });
    expect([await ask(await oldSigner()), await ask(await newSigner())]).toEqual([OK, OK]);
    const last = await verifier({ JWT_PUBLIC_KEYS: after.publicPem });
    expect([await last(await oldSigner()), await last(await newSigner())]).toEqual([REFUSED, OK]);
  });

  it('are not taken for a secret: a token signed with the text of the public key is refused', async () => {
    const { publicPem } = pair();
    const { keys } = verifyingRing({ JWT_PUBLIC_KEYS: publicPem });
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1_000);
    const claims = { sub: 'a', sid: 'b', role: 'admin', token_use: 'access', auth_time: now, exp: now + 60 };
    const input = `${part({ alg: 'HS256', typ: 'JWT', kid: keys[0].kid })}.${part({ ...claims, iss: 'souk', aud: 'souk-api' })}`;
    const forged = `${input}.${createHmac('sha256', publicPem).update(input).digest('base64url')}`;
    expect(await (await verifier({ JWT_PUBLIC_KEYS: publicPem }))(forged)).toBe(REFUSED);
  });

  it.each([
    ['garbage', 'garbage'],
    ['of another curve', pair('P-384').publicPem],
    ['broken', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'],
    ['one good and one broken', `${pair().publicPem}-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----`],
  ])('stop the start when they are %s', (_, pem) => {
    expect(() => verifyingRing({ JWT_PUBLIC_KEYS: pem })).toThrow(/JWT_PUBLIC_KEYS: Use P-256 keys as PEM/);
  });

  it('do not go together with a secret', () => {
    const both = { JWT_SECRET: secret('a'), JWT_PRIVATE_KEYS: pair().privatePem };
    expect(() => signingRing(both)).toThrow(/JWT_SECRET: Set either/);
  });
});
