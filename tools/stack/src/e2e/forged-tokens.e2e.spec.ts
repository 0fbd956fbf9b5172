import { createHmac, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { environmentOf } from './processes.ts';
import { call, customer, get, post, stack } from './shop.ts';

type Claims = Record<string, unknown>;

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const read = (text = ''): Claims => JSON.parse(Buffer.from(text, 'base64url').toString());
const now = () => Math.floor(Date.now() / 1_000);

let victim: { id: string; token: string; refreshToken: string };
let header: Claims;
let claims: Claims;
let secret: string;

beforeAll(async () => {
  const { id, email, token } = await customer();
  const { body } = await post('/api/auth/login', { email, password: 'pass123' });
  victim = { id, token, refreshToken: body.refreshToken };
  const [first, second] = token.split('.');
  [header, claims] = [read(first), read(second)];
  // What an attacker cannot have: with it every token but for the one thing wrong would be good.
  secret = environmentOf('user')['JWT_SECRET'] ?? '';
});

/** A token with the shop's own signature. */
function signed(changes: Claims, headerChanges: Claims = {}, hash = 'sha256'): string {
  const content = `${part({ ...header, ...headerChanges })}.${part({ ...claims, ...changes })}`;
  return `${content}.${createHmac(hash, secret).update(content).digest('base64url')}`;
}

function unsigned(alg: string): string {
  return `${part({ ...header, alg })}.${part({ ...claims, role: 'admin' })}.`;
}

function byStrangersKey(): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' });
  const content = `${part({ ...header, alg: 'ES256', jwk })}.${part(claims)}`;
  const signature = createSign('sha256').update(content).sign({ key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}

function tampered(): string {
  const [first, , last] = victim.token.split('.');
  return `${first}.${part({ ...claims, role: 'admin' })}.${last}`;
}

/** Each class of forged tokens, with the ways to make one. */
const forged: Record<string, Record<string, () => string | undefined>> = {
  'no token': { none: () => undefined, 'an empty one': () => '' },
  'alg none': { none: () => unsigned('none'), NONE: () => unsigned('NONE'), 'no alg': () => unsigned('') },
  'another algorithm': {
    'HS512, well signed': () => signed({}, { alg: 'HS512' }, 'sha512'),
    'ES256 over our HMAC': () => signed({}, { alg: 'ES256' }),
    'RS256 over our HMAC': () => signed({}, { alg: 'RS256' }),
    'a key of their own in the header': byStrangersKey,
  },
  'another issuer': { iss: () => signed({ iss: 'evil' }), 'no iss': () => signed({ iss: undefined }) },
  'another audience': { aud: () => signed({ aud: 'other-api' }), 'no aud': () => signed({ aud: undefined }) },
  'another key': {
    'an unknown kid': () => signed({}, { kid: 'unknown' }),
    'no kid': () => signed({}, { kid: undefined }),
    'a path for a kid': () => signed({}, { kid: '../../../dev/null' }),
    'an object for a kid': () => signed({}, { kid: { $ne: '' } }),
  },
  expired: { exp: () => signed({ exp: now() - 1 }), 'no exp': () => signed({ exp: undefined }) },
  'not yet good': { nbf: () => signed({ nbf: now() + 3_600 }) },
  tampered: {
    'the role': tampered,
    'the signature cut off': () => victim.token.slice(0, victim.token.lastIndexOf('.') + 1),
    'a bit of the signature': () =>
      `${victim.token.slice(0, -2)}${victim.token.at(-2) === 'A' ? 'B' : 'A'}${victim.token.at(-1)}`,
  },
  'a token for something else': {
    'the refresh token': () => victim.refreshToken,
    'another use': () => signed({ token_use: 'refresh' }),
    'no session': () => signed({ sid: undefined }),
    'a role that is none': () => signed({ role: 'root' }),
  },
  garbage: {
    text: () => 'garbage',
    'three parts': () => 'a.b.c',
    'binary parts': () => [8, 8, 8].map((size) => randomBytes(size).toString('base64url')).join('.'),
    'a deep header': () => `${Buffer.from('['.repeat(2_000)).toString('base64url')}.${part(claims)}.AAAA`,
  },
  oversized: {
    'a long signature': () => `${victim.token}${'A'.repeat(7_000)}`,
    'long claims, well signed with another key': () => `${signed({ pad: 'x'.repeat(4_000) })}A`,
  },
};

describe('a token', () => {
  it('without anything wrong is good, so that what follows means something', async () => {
    expect((await get('/api/auth/profile', { token: signed({}) })).status).toBe(200);
    expect(Object.keys(forged)).toHaveLength(12);
  });

  describe.each(Object.entries(forged))('of the class: %s', (_, ways) => {
    it.each(Object.entries(ways))('%s is 401, at the proxy and at the gateway', async (_way, make) => {
      for (const base of [stack.SHOP_URL, stack.GATEWAY_URL]) {
        const answer = await get('/api/auth/profile', { token: make(), base });
        expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
        expect(['UNAUTHENTICATED', 'TOKEN_EXPIRED']).toContain(answer.body.code);
      }
    });
  });

  it.each([
    ['a query parameter', `?access_token=`, {}],
    ['a cookie', '', { cookie: 'access_token=' }],
    ['another scheme', '', { authorization: 'Basic ' }],
    ['a list', '', { authorization: 'Bearer x, Bearer ' }],
  ])('is not looked for in %s', async (_, query, headers) => {
    const { token } = victim;
    const withToken = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `${value}${token}`]));
    const answer = await call('GET', `/api/auth/profile${query && query + token}`, { headers: withToken });
    expect([400, 401]).toContain(answer.status);
  });
});
