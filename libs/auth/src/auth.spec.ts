import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { request } from 'node:http';
import { type ArgumentsHost, Catch, Controller, type ExceptionFilter, Get, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppError, type ErrorCode, errorTable } from '@souk/contracts';
import { parseEnv } from '@souk/platform';
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import {
  ACCESS_TOKEN_SECONDS,
  AuthModule,
  CurrentUser,
  JwtAuthGuard,
  type Principal,
  Public,
  Roles,
  RolesGuard,
  TokenModule,
  TokenService,
  verifyingVariables,
  withKeyRing,
} from './index.ts';
import { VerifiedTokens } from './verified-tokens.ts';

const secret = 'a secret of thirty-two bytes or more';
const { keyRing: ring } = parseEnv(z.object(verifyingVariables).transform(withKeyRing), { JWT_SECRET: secret });
const [{ kid }] = ring.keys;
const customer: Principal = {
  userId: 'a'.repeat(24),
  role: 'customer',
  sid: 'b'.repeat(24),
  since: new Date(1_795_000_000_123),
  email: 'user@test.com',
};
const shown = ({ since, ...principal }: Principal) => ({ ...principal, since: since.toISOString() });
const admin: Principal = { ...customer, role: 'admin' };

@Controller()
class Routes {
  @Public()
  @Get('public')
  open() {
    return {};
  }

  @Get('own')
  own(@CurrentUser() user: Principal) {
    return user;
  }

  @Roles('admin')
  @Get('admin')
  admin(@CurrentUser() { role }: Principal) {
    return { role };
  }

  @Public()
  @Get('contradiction')
  nobody(@CurrentUser() user: Principal) {
    return user;
  }

  @Public()
  @Roles('admin')
  @Get('public-admin')
  publicAdmin() {
    return {};
  }
}

@Catch(AppError)
class ErrorFilter implements ExceptionFilter<AppError> {
  catch(error: AppError, host: ArgumentsHost): void {
    host.switchToHttp().getResponse().status(error.status).send(error.toBody());
  }
}

@Module({
  imports: [AuthModule.forRoot(ring), TokenModule.forRoot(ring)],
  controllers: [Routes],
  providers: [
    { provide: APP_FILTER, useClass: ErrorFilter },
    { provide: APP_GUARD, useClass: JwtAuthGuard },
    { provide: APP_GUARD, useClass: RolesGuard },
  ],
})
class Gateway {}

let app: NestFastifyApplication;
let tokens: TokenService;
beforeAll(async () => {
  app = await NestFactory.create(Gateway, new FastifyAdapter(), { logger: false, abortOnError: false });
  tokens = app.get(TokenService);
  await app.listen(0, '127.0.0.1');
});
afterAll(() => app.close());
afterEach(() => vi.useRealTimers());

const get = (url: string, authorization?: string) =>
  app.inject({ method: 'GET', url, headers: authorization === undefined ? {} : { authorization } });
const codeOf = async (url: string, authorization?: string) => (await get(url, authorization)).json().code;

type Claims = Record<string, unknown>;
type Signer = (input: string) => string;
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const forge = (header: Claims, claims: Claims, signature: Signer) => {
  const input = `${base64url(header)}.${base64url(claims)}`;
  return `${input}.${signature(input)}`;
};
const hmac =
  (hash: string, key: string): Signer =>
  (input) =>
    createHmac(hash, key).update(input).digest('base64url');
const now = () => Math.floor(Date.now() / 1000);
const goodClaims = (): Claims => ({
  role: 'customer',
  sid: customer.sid,
  token_use: 'access',
  sub: customer.userId,
  auth_time: now() - 60,
  iss: 'souk',
  aud: 'souk-api',
  iat: now(),
  exp: now() + 60,
});
const HS256 = { alg: 'HS256', typ: 'JWT', kid };
/** A token signed with the right key, with other claims. */
const signed = (changes: Claims) => forge(HS256, { ...goodClaims(), ...changes }, hmac('sha256', secret));
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

describe('an access token', () => {
  it('proves who signs in: account, role, session and e-mail', async () => {
    const reply = await get('/own', `Bearer ${tokens.sign(customer)}`);
    expect([reply.statusCode, reply.json()]).toEqual([200, shown(customer)]);
  });

  it('carries nothing but what the guards need, and lives for 15 minutes', async () => {
    const [, payload = ''] = tokens.sign(customer).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    expect(Object.keys(claims).toSorted()).toEqual([
      'aud',
      'auth_time',
      'email',
      'exp',
      'iat',
      'iss',
      'role',
      'sid',
      'sub',
      'token_use',
    ]);
    expect(claims.exp - claims.iat).toBe(ACCESS_TOKEN_SECONDS);
  });

  it('may leave the e-mail out', async () => {
    const { email: _, ...nameless } = customer;
    expect((await get('/own', `Bearer ${tokens.sign(nameless)}`)).json()).toEqual(shown(nameless));
  });

  it('is refused as expired once its 15 minutes are over, and not before', async () => {
    const authorization = `Bearer ${tokens.sign(customer)}`;
    const start = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: start + (ACCESS_TOKEN_SECONDS - 2) * 1000 });
    expect((await get('/own', authorization)).statusCode).toBe(200);
    vi.setSystemTime(start + (ACCESS_TOKEN_SECONDS + 1) * 1000);
    expect(await codeOf('/own', authorization)).toBe('TOKEN_EXPIRED');
  });

  it('is verified once and then known, to the last letter', async () => {
    const remember = vi.spyOn(VerifiedTokens.prototype, 'remember');
    // Of an account of its own: within a second all tokens of one are the same.
    const member = { ...customer, userId: 'd'.repeat(24) };
    const token = tokens.sign(member);
    for (let turn = 0; turn < 3; turn++) {
      expect((await get('/own', `Bearer ${token}`)).json()).toEqual(shown(member));
    }
    expect(remember).toHaveBeenCalledOnce();
    const [header, claims = ''] = token.split('.');
    const [, otherClaims] = tokens.sign({ ...member, role: 'admin' }).split('.');
    for (const altered of [`${header}.${claims}`, token.slice(0, -1), token.replace(claims, String(otherClaims))]) {
      expect(await codeOf('/own', `Bearer ${altered}`)).toBe('UNAUTHENTICATED');
    }
    remember.mockRestore();
  });

  it('of the forger of this spec is accepted when nothing is wrong with it, so that the refusals below mean something', async () => {
    expect((await get('/own', `Bearer ${signed({})}`)).statusCode).toBe(200);
  });

  it.each<[string, () => string]>([
    ['has no signature (alg none)', () => forge({ ...HS256, alg: 'none' }, goodClaims(), () => '')],
    ['says alg none but has a signature', () => forge({ ...HS256, alg: 'none' }, goodClaims(), hmac('sha256', secret))],
    ['is signed with another secret', () => forge(HS256, goodClaims(), hmac('sha256', `${secret}!`))],
    ['is signed with an empty secret', () => forge(HS256, goodClaims(), hmac('sha256', ''))],
    [
      'uses a longer HMAC than the pinned one',
      () => forge({ ...HS256, alg: 'HS512' }, goodClaims(), hmac('sha512', secret)),
    ],
    [
      'is signed with an RSA key (RS256)',
      () =>
        forge({ ...HS256, alg: 'RS256' }, goodClaims(), (input) =>
          signWith('sha256', Buffer.from(input), rsa.privateKey).toString('base64url'),
        ),
    ],
    [
      'says RS256 over an HMAC of our secret',
      () => forge({ ...HS256, alg: 'RS256' }, goodClaims(), hmac('sha256', secret)),
    ],
    [
      'is signed with an elliptic key that it brings along (ES256, jwk)',
      () =>
        forge({ ...HS256, alg: 'ES256', jwk: ec.publicKey.export({ format: 'jwk' }) }, goodClaims(), (input) =>
          signWith('sha256', Buffer.from(input), { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }).toString(
            'base64url',
          ),
        ),
    ],
    ['names no key', () => forge({ ...HS256, kid: undefined }, goodClaims(), hmac('sha256', secret))],
    ['names a key that there is not', () => forge({ ...HS256, kid: 'other' }, goodClaims(), hmac('sha256', secret))],
    ['names a list of keys', () => forge({ ...HS256, kid: [kid] }, goodClaims(), hmac('sha256', secret))],
    ['is longer than any of ours', () => signed({ email: 'x'.repeat(4_096) })],
    ['comes from another issuer', () => signed({ iss: 'bazaar' })],
    ['names no issuer', () => signed({ iss: undefined })],
    ['is meant for another audience', () => signed({ aud: 'souk-web' })],
    ['names no audience', () => signed({ aud: undefined })],
    ['never expires', () => signed({ exp: undefined })],
    ['is not valid yet', () => signed({ nbf: now() + 60 })],
    ['is meant for another use', () => signed({ token_use: 'refresh' })],
    ['does not say what it is for', () => signed({ token_use: undefined })],
    ['has a role that does not exist', () => signed({ role: 'owner' })],
    ['has a list of roles', () => signed({ role: ['admin'] })],
    ['names no account', () => signed({ sub: '' })],
    ['names no session', () => signed({ sid: undefined })],
    ['does not say when its session began', () => signed({ auth_time: undefined })],
    ['is a refresh token', () => Buffer.alloc(32, 7).toString('base64url')],
  ])('is refused when it %s', async (_, token) => {
    expect(await codeOf('/own', `Bearer ${token()}`)).toBe('UNAUTHENTICATED');
  });

  it('is refused when its account was changed after it was signed', async () => {
    const [header, , signature] = tokens.sign(customer).split('.');
    const tampered = `${header}.${base64url({ ...goodClaims(), sub: 'c'.repeat(24), role: 'admin' })}.${signature}`;
    expect(await codeOf('/own', `Bearer ${tampered}`)).toBe('UNAUTHENTICATED');
  });

  it('is refused when it is in the query string', async () => {
    expect(await codeOf(`/own?access_token=${tokens.sign(customer)}`)).toBe('UNAUTHENTICATED');
  });
});

describe('the Authorization header', () => {
  it.each([
    ['absent', () => undefined],
    ['empty', () => ''],
    ['without a token', () => 'Bearer'],
    ['a token without a scheme', (token: string) => token],
    ['of another scheme', (token: string) => `Basic ${token}`],
    ['two tokens in one', (token: string) => `Bearer ${token}, Bearer ${token}`],
    ['a token with a tail', (token: string) => `Bearer ${token} x`],
    ['a token behind something else', (token: string) => `x Bearer ${token}`],
    ['garbage', () => 'Bearer garbage'],
    ['garbage in three parts', () => 'Bearer a.b.c'],
  ])('is refused when it is %s', async (_, header) => {
    const reply = await get('/own', header(tokens.sign(customer)));
    expect([reply.statusCode, reply.json()]).toEqual([
      401,
      { code: 'UNAUTHENTICATED', message: errorTable.UNAUTHENTICATED.title },
    ]);
  });

  it('names its scheme in any case, as RFC 9110 has it', async () => {
    expect((await get('/own', `bearer ${tokens.sign(customer)}`)).statusCode).toBe(200);
  });

  it('is refused, not failed over, whatever it says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary-ascii' }), async (text) => {
        expect(await codeOf('/own', `Bearer ${text}`)).toBe('UNAUTHENTICATED');
      }),
      { numRuns: 50 },
    );
  });

  it('is refused when there are two of it, even two good ones', async () => {
    const good = `Bearer ${tokens.sign(customer)}`;
    expect(await statusOfRaw(['authorization', good])).toBe(200);
    expect(await statusOfRaw(['authorization', good, 'Authorization', good])).toBe(401);
  });
});

/** A request over a socket: only there can a header come twice. */
async function statusOfRaw(headers: string[]): Promise<number | undefined> {
  const url = new URL('/own', await app.getUrl());
  return new Promise((resolve, reject) => {
    request(url, { headers: ['host', url.host, ...headers] as never }, (reply) => {
      reply.resume().once('end', () => resolve(reply.statusCode));
    })
      .once('error', reject)
      .end();
  });
}

describe('a route', () => {
  it.each<[string, string, Principal | undefined, ErrorCode | undefined]>([
    ['/public', 'nobody', undefined, undefined],
    ['/public', 'a customer', customer, undefined],
    ['/own', 'nobody', undefined, 'UNAUTHENTICATED'],
    ['/own', 'a customer', customer, undefined],
    ['/own', 'an admin', admin, undefined],
    ['/admin', 'nobody', undefined, 'UNAUTHENTICATED'],
    ['/admin', 'a customer', customer, 'FORBIDDEN'],
    ['/admin', 'an admin', admin, undefined],
    ['/contradiction', 'an admin', admin, 'UNAUTHENTICATED'],
    ['/public-admin', 'an admin', admin, 'UNAUTHENTICATED'],
  ])('%s, asked by %s, answers as its access says', async (url, _, who, code) => {
    const reply = await get(url, who && `Bearer ${tokens.sign(who)}`);
    expect([reply.statusCode, reply.json().code]).toEqual([code ? errorTable[code].status : 200, code]);
  });

  it('that is public does not mind a bad token', async () => {
    expect((await get('/public', 'Bearer garbage')).statusCode).toBe(200);
  });
});
