import { describe, expect, it } from 'vitest';
import { currentContext, remainingMs, runInContext, safeRequestId } from './request-context.ts';

describe('the request context', () => {
  it('is found by whatever the request starts, and by nobody else', async () => {
    const seen = runInContext({ requestId: 'request-1' }, async () => {
      await Promise.resolve();
      return currentContext()?.requestId;
    });
    expect(currentContext()).toBeUndefined();
    await expect(seen).resolves.toBe('request-1');
  });

  it('says how much time is left, which is endless outside of a request', () => {
    expect(remainingMs()).toBe(Infinity);
    const left = runInContext({ requestId: 'request-1', deadline: Date.now() + 500 }, remainingMs);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(500);
  });

  it.each(['abcdefgh', 'A-1-b-2-c', 'x'.repeat(64)])('keeps the request id %j', (id) => {
    expect(safeRequestId(id)).toBe(id);
  });

  it.each([undefined, '', 'short', 'x'.repeat(65), 'with space', 'line\nbreak', '"quoted"id', '../../etc/passwd'])(
    'replaces the request id %j',
    (id) => {
      expect(safeRequestId(id)).toMatch(/^[0-9a-f]{32}$/);
    },
  );
});
