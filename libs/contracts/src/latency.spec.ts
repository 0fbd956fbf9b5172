import { array, assert, double, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countLatency, latenciesSince, latencyQuantile, noLatencies } from './latency.ts';

function counted(seconds: number[]) {
  const counts = noLatencies();
  for (const each of seconds) countLatency(counts, each);
  return counts;
}

describe('counted latencies', () => {
  it('give every quantile to the next bucket of a fifth', () => {
    const latency = double({ min: 50e-6, max: 5, noNaN: true });
    assert(
      property(array(latency, { minLength: 1 }), double({ min: 0, max: 1, noNaN: true }), (seconds, q) => {
        const exact = seconds.toSorted((a, b) => a - b)[Math.max(Math.ceil(q * seconds.length - 1e-9) - 1, 0)] ?? 0;
        const ratio = (latencyQuantile(counted(seconds), q) ?? 0) / exact;
        expect(ratio).toBeGreaterThan(1 - 1e-9);
        expect(ratio).toBeLessThan(1.2);
      }),
    );
  });

  it('have no quantile where nothing was counted', () => {
    expect(latencyQuantile(noLatencies(), 0.5)).toBeUndefined();
  });

  it('tell what happened since an earlier look, or since a restart', () => {
    const before = counted([0.001, 0.002]);
    expect(latenciesSince(before, counted([0.001, 0.002, 0.003]))).toEqual(counted([0.003]));
    expect(latenciesSince(before, counted([0.004]))).toEqual(counted([0.004]));
  });
});
