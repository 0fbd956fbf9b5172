import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Turns } from './turns.ts';

const LIMIT = 2;

describe('turns', () => {
  it('never let more than the limit work on one key, in the order they came, whatever fails, and end all of it', async () => {
    const pieces = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), fails: fc.boolean() }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), pieces, async (scheduler, work) => {
        const turns = new Turns(() => LIMIT);
        const running = new Map<string, number>();
        const started: number[] = [];
        const outcomes = work.map(({ key, fails }, index) =>
          turns.take(key, async () => {
            started.push(index);
            running.set(key, (running.get(key) ?? 0) + 1);
            expect(running.get(key)).toBeLessThanOrEqual(LIMIT);
            await scheduler.schedule(Promise.resolve());
            running.set(key, (running.get(key) ?? 0) - 1);
            if (fails) throw new Error('failed');
            return index;
          }),
        );
        const settled = Promise.allSettled(outcomes);
        await scheduler.waitFor(settled);
        const ended = (await settled).map(({ status }) => status === 'rejected');
        expect(ended).toEqual(work.map(({ fails }) => fails));
        for (const each of ['a', 'b', 'c']) {
          const order = started.filter((index) => work[index]?.key === each);
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
        expect(turns.size).toBe(0);
      }),
    );
  });

  it('do not make one key wait for another', async () => {
    const turns = new Turns(() => 1);
    const { promise, resolve } = Promise.withResolvers<void>();
    const blocked = turns.take('a', () => promise);
    expect(await turns.take('b', async () => 'b')).toBe('b');
    resolve();
    await blocked;
  });

  it('follow a limit that changes: nobody starts while too many run, all who fit start when it has risen', async () => {
    let limit = 3;
    const turns = new Turns(() => limit);
    const ends: (() => void)[] = [];
    const piece = () => turns.take('a', () => new Promise<void>((resolve) => ends.push(resolve)));
    const all = Array.from({ length: 6 }, piece);
    await vi.waitFor(() => expect(ends).toHaveLength(3));
    limit = 1;
    ends[0]?.();
    ends[1]?.();
    await all[1];
    expect(ends).toHaveLength(3);
    limit = 2;
    ends[2]?.();
    await vi.waitFor(() => expect(ends).toHaveLength(5));
    limit = 6;
    ends[3]?.();
    await vi.waitFor(() => expect(ends).toHaveLength(6));
    for (const end of ends) end();
    await Promise.all(all);
    expect(turns.size).toBe(0);
  });
});
