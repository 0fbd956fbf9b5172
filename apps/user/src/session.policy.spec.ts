import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeSpent, REPEAT_WINDOW_MS, SESSION_LIFE_MS } from './session.policy.ts';
import type { SessionDocument } from './session.schema.ts';

const start = new Date('2026-11-24T12:00:00.000Z');
const after = (ms: number) => new Date(start.getTime() + ms);
const session = (changes: Partial<SessionDocument> = {}): SessionDocument => ({
  _id: 'b'.repeat(24),
  userId: 'a'.repeat(24),
  current: 'third',
  previous: 'second',
  rotatedAt: start,
  createdAt: start,
  expiresAt: after(SESSION_LIFE_MS),
  ...changes,
});
const { previous: _, rotatedAt: __, ...untouched } = session();

describe('a token that is not the current one', () => {
  it.each([
    ['asks again', 'the one before, at once', session(), 'second', 0, 'repeat'],
    ['asks again', 'the one before, 10 s later', session(), 'second', REPEAT_WINDOW_MS, 'repeat'],
    ['asks again', 'the one before, on a clock that is behind', session(), 'second', -500, 'repeat'],
    ['is a copy', 'the one before, later than 10 s', session(), 'second', REPEAT_WINDOW_MS + 1, 'reuse'],
    ['is a copy', 'an older one', session(), 'first', 0, 'reuse'],
    ['is a copy', 'one of a session that was never renewed', untouched, 'second', 0, 'reuse'],
    ['is dead', 'one of no session', null, 'second', 0, 'dead'],
    ['is dead', 'one of a revoked session', session({ revokedAt: start }), 'second', 0, 'dead'],
    ['is dead', 'one of a session that ends now', session(), 'second', SESSION_LIFE_MS, 'dead'],
  ] as const)('%s when it is %s', (_verdict, _what, of, hash, ms, verdict) => {
    expect(judgeSpent(of, hash, after(ms))).toBe(verdict);
  });

  it('is never answered again after 10 s, whatever else holds', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('first', 'second', 'third'),
        fc.integer({ min: REPEAT_WINDOW_MS + 1, max: 2 * SESSION_LIFE_MS }),
        (hash, ms) => judgeSpent(session(), hash, after(ms)) !== 'repeat',
      ),
    );
  });
});
