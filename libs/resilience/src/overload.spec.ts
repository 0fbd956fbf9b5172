import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Admission } from './admission.ts';

const LIMIT = 16;
const SERVICE_MS = 20;
const SECONDS = 30;

/** Arrivals at `factor` times the capacity, in scripted time. Milliseconds from arrival to answer. */
function overload(factor: number, serviceMs = SERVICE_MS) {
  const capacity = (LIMIT * 1_000) / serviceMs;
  const sut = new Admission<'only'>({ name: 'test', limit: LIMIT, shares: { only: 1 }, now: () => Date.now() });
  const accepted: number[] = [];
  const refused: number[] = [];
  const arrive = () => {
    const since = Date.now();
    sut.enter('only', 2_400, (refusal) => {
      if (refusal) return refused.push(Date.now() - since);
      return setTimeout(() => {
        accepted.push(Date.now() - since);
        sut.leave('only');
      }, serviceMs);
    });
  };
  for (let ms = 0, sent = 0; ms < SECONDS * 1_000; ms++) {
    for (; sent < (ms / 1_000) * capacity * factor; sent++) arrive();
    vi.advanceTimersByTime(1);
  }
  return { sut, goodput: accepted.length / (SECONDS * capacity), accepted, refused, arrive };
}

const quantile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('under open-loop load', () => {
  it('at twice the capacity works at full capacity, answers in time what it accepts, and refuses at once', () => {
    const { goodput, accepted, refused } = overload(2);
    expect(goodput).toBeGreaterThan(0.95);
    expect(quantile(accepted, 0.99)).toBeLessThan(500);
    expect(quantile(refused, 0.99)).toBe(0);
  });

  it('at a fraction of that pace still answers in time what it accepts', () => {
    const { goodput, accepted } = overload(2, 140);
    expect(goodput).toBeGreaterThan(0.95);
    expect(quantile(accepted, 0.99)).toBeLessThan(500);
  });

  it('at ten times the capacity still does', () => {
    const { goodput, refused } = overload(10);
    expect(goodput).toBeGreaterThan(0.95);
    expect(quantile(refused, 0.5)).toBe(0);
  });

  it('is itself again as soon as the load is gone', () => {
    const { sut, accepted, arrive } = overload(10);
    vi.advanceTimersByTime(1_050);
    expect([sut.inFlight, sut.waiting]).toEqual([0, 0]);
    arrive();
    vi.advanceTimersByTime(SERVICE_MS);
    expect(accepted.at(-1)).toBe(SERVICE_MS);
  });
});
