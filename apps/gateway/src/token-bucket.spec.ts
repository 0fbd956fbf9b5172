import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBuckets } from './token-bucket.ts';

const at = (start = 0) => {
  const clock = { now: start };
  return { clock, sut: new TokenBuckets(10, 20, () => clock.now) };
};

const takeAll = (sut: TokenBuckets, client: string, times: number) =>
  Array.from({ length: times }, () => sut.take(client)).filter(({ allowed }) => allowed).length;

describe('TokenBuckets', () => {
  it('lets a burst through and refuses what follows at once', () => {
    const { sut } = at();
    expect(takeAll(sut, 'a', 25)).toBe(20);
    expect(sut.take('a')).toMatchObject({ allowed: false, limit: 20, remaining: 0, resetSeconds: 1 });
  });

  it('refills at its rate, not beyond the burst', () => {
    const { sut, clock } = at();
    takeAll(sut, 'a', 20);
    clock.now = 500;
    expect(takeAll(sut, 'a', 20)).toBe(5);
    clock.now = 60_000;
    expect(takeAll(sut, 'a', 40)).toBe(20);
  });

  it('keeps clients apart', () => {
    const { sut } = at();
    takeAll(sut, 'a', 20);
    expect(sut.take('b').allowed).toBe(true);
  });

  it('never gives more than burst + rate × time, however requests are spread', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 }), (gaps) => {
        const { sut, clock } = at();
        let allowed = 0;
        for (const gap of gaps) {
          clock.now += gap;
          if (sut.take('a').allowed) allowed += 1;
        }
        expect(allowed).toBeLessThanOrEqual(20 + (clock.now / 1_000) * 10);
      }),
    );
  });

  it('takes away what other replicas gave the client since it was last told', () => {
    const { sut } = at();
    takeAll(sut, 'a', 2);
    sut.settle('a', 2, 2);
    takeAll(sut, 'a', 1);
    sut.settle('a', 1, 13); // 10 elsewhere
    expect(takeAll(sut, 'a', 20)).toBe(7);
  });

  it('does not hold an earlier count of others against a client it sees for the first time', () => {
    const { sut } = at();
    takeAll(sut, 'a', 1);
    sut.settle('a', 1, 500);
    expect(takeAll(sut, 'a', 30)).toBe(19);
  });

  it('goes on alone when nobody can tell it the total', () => {
    const { sut } = at();
    takeAll(sut, 'a', 3);
    expect(sut.report()).toEqual(new Map([['a', 3]]));
    sut.settle('a', 3, undefined);
    expect(sut.report().size).toBe(0);
  });

  it('forgets clients whose bucket is full again', () => {
    const { sut, clock } = at();
    for (let client = 0; client < 1_000; client++) sut.take(String(client));
    for (const [client, sent] of sut.report()) sut.settle(client, sent, sent);
    clock.now = 10_000;
    sut.sweep();
    expect(sut.size).toBe(0);
  });
});
