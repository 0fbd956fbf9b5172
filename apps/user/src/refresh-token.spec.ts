import { createSecretKey } from 'node:crypto';
import { RefreshRequest } from '@souk/contracts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawToken, hashOf, sessionIdOf, successorKey, successorOf } from './refresh-token.ts';

const key = successorKey(createSecretKey('a secret of thirty-two bytes or more', 'utf8'));
const tokens = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64url'));
const isToken = (token: string) => RefreshRequest.safeParse({ refreshToken: token }).success;

describe('a refresh token', () => {
  it('is 43 characters that the contract accepts, drawn anew each time', () => {
    const drawn = Array.from({ length: 100 }, drawToken);
    expect(drawn.every(isToken)).toBe(true);
    expect(new Set(drawn).size).toBe(100);
  });

  it('has one successor, of the same session and the same shape', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        const successor = successorOf(key, token);
        expect(successorOf(key, token)).toBe(successor);
        expect(isToken(successor)).toBe(true);
        expect(sessionIdOf(successor)).toBe(sessionIdOf(token));
        expect(hashOf(successor)).not.toBe(hashOf(token));
      }),
    );
  });

  it('has another successor under another key, so that nobody else can work it out', () => {
    const other = successorKey(createSecretKey('another secret of thirty-two bytes', 'utf8'));
    fc.assert(fc.property(tokens, (token) => successorOf(other, token) !== successorOf(key, token)));
  });

  it('never comes back in a session that is renewed for a long time', () => {
    const chain = [drawToken()];
    for (let i = 0; i < 3_000; i++) chain.push(successorOf(key, chain[i] ?? ''));
    expect(new Set(chain.map(hashOf)).size).toBe(3_001);
    expect(new Set(chain.map(sessionIdOf)).size).toBe(1);
  });

  it('is neither in the id of its session nor in what is stored of it', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        const bytes = Buffer.from(token, 'base64url').toString('hex');
        expect(sessionIdOf(token)).toMatch(/^[0-9a-f]{24}$/);
        expect(hashOf(token)).toMatch(/^[0-9a-f]{64}$/);
        expect(bytes).not.toContain(sessionIdOf(token));
        expect(bytes).not.toContain(hashOf(token).slice(0, 24));
      }),
    );
  });

  it('of one session does not lead to another', () => {
    fc.assert(
      fc.property(tokens, tokens, (one, two) => {
        fc.pre(one.slice(0, 21) !== two.slice(0, 21));
        expect(sessionIdOf(one)).not.toBe(sessionIdOf(two));
      }),
    );
  });
});
