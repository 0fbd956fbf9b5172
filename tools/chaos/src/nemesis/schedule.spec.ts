import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { LEAST } from '../report/report.ts';
import { FAULT_KINDS } from './fault.ts';
import { schedule } from './schedule.ts';

const targets = { processes: ['order-1', 'nats'], wires: ['order-1/mongo', 'user-2/nats'], hasRedis: true };
const seed = fc.integer({ min: 1, max: 1_000_000 });
const minutes = fc.double({ min: 0.5, max: 60, noNaN: true });
const kinds = fc.subarray([...FAULT_KINDS], { minLength: 1 });

describe('the faults of a run', () => {
  it('are the same for the same seed', () => {
    fc.assert(
      fc.property(seed, minutes, kinds, (seed, minutes, kinds) => {
        const draw = () => schedule(new Random(seed), minutes * 60_000, kinds, targets);
        expect(draw()).toEqual(draw());
      }),
    );
  });

  it('are enough for a verdict, in their order, within the run, and of what was asked for', () => {
    fc.assert(
      fc.property(seed, minutes, kinds, (seed, minutes, kinds) => {
        const faults = schedule(new Random(seed), minutes * 60_000, kinds, targets);
        const times = faults.map(({ at }) => at);
        expect(faults.length).toBeGreaterThanOrEqual(LEAST.faults);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(Math.max(...times)).toBeLessThan(minutes * 60_000);
        for (const { kind } of faults) expect(kinds).toContain(kind);
      }),
    );
  });

  it('number five hundred in an hour', () => {
    fc.assert(
      fc.property(seed, (seed) => {
        expect(schedule(new Random(seed), 3_600_000, FAULT_KINDS, targets).length).toBeGreaterThan(500);
      }),
      { numRuns: 20 },
    );
  });

  it('do not stop long before a long run ends', () => {
    const last = schedule(new Random(1), 3_600_000, FAULT_KINDS, targets).at(-1);
    // A quiet stretch may come before the 15 s in which the last ones end.
    expect(3_600_000 - (last?.at ?? 0)).toBeLessThan(35_000);
  });

  it('leave out kinds that have nothing to hurt', () => {
    const onlyWires = { processes: [], wires: targets.wires, hasRedis: false };
    const faults = schedule(new Random(1), 60_000, ['kill', 'flush', 'reset'], onlyWires);
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(['reset']));
  });
});
