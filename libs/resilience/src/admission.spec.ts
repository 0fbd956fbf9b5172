import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Admission, type AdmissionOptions, type Refusal, shedChannel } from './admission.ts';

type Class = 'high' | 'low';
type Seen = Refusal | 'started' | 'waiting';

function at(limit = 2, burst = 0, own: Pick<AdmissionOptions<Class>, 'alone' | 'bursts'> = {}) {
  const shares = { high: 1, low: 0.5 };
  const bursts = { high: burst, low: burst };
  const sut = new Admission<Class>({ name: 'test', limit, shares, bursts, ...own, now: () => Date.now() });
  const enter = (priority: Class, remainingMs = Infinity) => {
    const call = { priority, state: 'waiting' as Seen };
    sut.enter(priority, remainingMs, (refusal) => (call.state = refusal ?? 'started'));
    return call;
  };
  return { sut, enter };
}

/** Fills the limit and queues one, so that the wait is measured. */
function full(limit = 2, burst = 0) {
  const { sut, enter } = at(limit, burst);
  for (let i = 0; i < limit; i++) enter('high');
  return { sut, enter };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Admission', () => {
  it('starts what fits and lets the rest wait for a place', () => {
    const { sut, enter } = at(2);
    const calls = [enter('high'), enter('high'), enter('high')];
    expect(calls.map(({ state }) => state)).toEqual(['started', 'started', 'waiting']);
    sut.leave('high');
    expect(calls[2]?.state).toBe('started');
    expect(sut.inFlight).toBe(2);
  });

  it('gives a lower class only its share, and takes the higher class first', () => {
    const { sut, enter } = at(2);
    enter('low');
    const low = enter('low');
    expect(low.state).toBe('waiting');
    enter('high');
    const high = enter('high');
    sut.leave('low');
    expect([high.state, low.state]).toEqual(['started', 'waiting']);
  });

  it('leaves to others what a class may not use alone, though it is a higher one', () => {
    const { sut, enter } = at(4, 0, { alone: { high: 0.5 } });
    const high = [enter('high'), enter('high'), enter('high')];
    expect(high.map(({ state }) => state)).toEqual(['started', 'started', 'waiting']);
    expect([enter('low'), enter('low')].map(({ state }) => state)).toEqual(['started', 'started']);
    sut.leave('low');
    expect(high[2]?.state).toBe('waiting');
    sut.leave('high');
    expect(high[2]?.state).toBe('started');
  });

  it('lets a burst wait as long as there is time to do the work afterwards', () => {
    const { sut, enter } = full();
    const burst = Array.from({ length: 50 }, () => enter('high'));
    vi.advanceTimersByTime(1_700);
    expect(new Set(burst.map(({ state }) => state))).toEqual(new Set(['waiting']));
    sut.leave('high');
    expect(burst[0]?.state).toBe('started');
    vi.advanceTimersByTime(200);
    expect(burst.at(-1)?.state).toBe('overloaded');
  });

  it('refuses new arrivals at once when the wait has stood over 100 ms for 100 ms', () => {
    const { enter } = full();
    enter('high');
    vi.advanceTimersByTime(150);
    expect(enter('high').state).toBe('waiting');
    vi.advanceTimersByTime(60);
    expect(enter('high').state).toBe('overloaded');
  });

  it('lets a burst arrive over a while, as far as it goes', () => {
    const { enter } = full(2, 3);
    const burst = Array.from({ length: 6 }, () => {
      vi.advanceTimersByTime(100);
      return enter('high').state;
    });
    expect(new Set(burst)).toEqual(new Set(['waiting']));
    expect(enter('high').state).toBe('overloaded');
  });

  it('lets as many of a class wait as its own burst may be', () => {
    const { enter } = at(2, 0, { bursts: { high: 0, low: 3 } });
    enter('high');
    enter('high');
    const [high, ...low] = [enter('high'), enter('low'), enter('low')];
    vi.advanceTimersByTime(250);
    expect([enter('low').state, enter('low').state]).toEqual(['waiting', 'overloaded']);
    expect([high, ...low].map((call) => call?.state)).toEqual(['waiting', 'waiting', 'waiting']);
  });

  it('serves who arrives from the first refusal on before those who have waited long', () => {
    const { sut, enter } = full(2, 3);
    const early = Array.from({ length: 6 }, () => enter('high'));
    vi.advanceTimersByTime(310);
    expect(enter('high').state).toBe('overloaded');
    const late = enter('high');
    sut.leave('high');
    expect([late.state, early[0]?.state]).toEqual(['started', 'waiting']);
    sut.leave('high');
    expect(early[0]?.state).toBe('started');
  });

  it('does not refuse while the head of the queue moves', () => {
    const { sut, enter } = full();
    for (let i = 0; i < 20; i++) {
      expect(enter('high').state).not.toBe('overloaded');
      vi.advanceTimersByTime(90);
      sut.leave('high');
    }
  });

  it('lets arrivals in again as soon as the wait is short', () => {
    const { sut, enter } = full();
    enter('high');
    vi.advanceTimersByTime(300);
    expect(enter('high').state).toBe('overloaded');
    sut.leave('high');
    expect(enter('high').state).toBe('waiting');
  });

  it('refuses nobody of a few more clients than there is room for, who come again and again, after a hiccup either', () => {
    const { sut } = at(4, 6);
    const seen = { started: 0, refused: 0 };
    const running: number[] = [];
    const come = (): void =>
      sut.enter('high', 3_000, (refusal) => {
        if (refusal) seen.refused += 1;
        else running.push(Date.now() + 100 + ((seen.started += 1) % 5) * 10);
      });
    for (let client = 0; client < 8; client++) come();
    for (let now = 0; now < 10_000; now += 10) {
      vi.advanceTimersByTime(10);
      // Everything stands still from 2.0 to 2.6 s.
      if (now >= 2_000 && now < 2_600) continue;
      for (const end of running.filter((end) => end <= Date.now())) {
        running.splice(running.indexOf(end), 1);
        sut.leave('high');
        come();
      }
    }
    expect(seen.refused).toBe(0);
    expect(seen.started).toBeGreaterThan(250);
  });

  it('does not hold the wait of one class against another', () => {
    const { enter } = at(2);
    enter('low');
    enter('low');
    vi.advanceTimersByTime(300);
    expect(enter('low').state).toBe('overloaded');
    expect(enter('high').state).toBe('started');
  });

  it('does not start what nobody waits for any more', () => {
    const { sut, enter } = full();
    const call = enter('high', 130);
    vi.advanceTimersByTime(40);
    sut.leave('high');
    expect(call.state).toBe('overloaded');
    expect(sut.inFlight).toBe(1);
    expect(enter('high', 0).state).toBe('expired');
  });

  it('tells whoever cannot be started in time before the time is up, while everything in flight hangs', () => {
    const { enter } = full();
    const call = enter('high', 250);
    vi.advanceTimersByTime(200);
    expect(call.state).toBe('overloaded');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('says beforehand whom it would refuse, without giving a place or a turn', () => {
    const { sut, enter } = full(2, 3);
    expect(sut.refuses('high')).toBe(false);
    for (let i = 0; i < 6; i++) enter('high');
    vi.advanceTimersByTime(310);
    expect(sut.refuses('high')).toBe(true);
    expect([sut.inFlight, sut.waiting]).toEqual([2, 6]);
  });

  it('announces each refusal with its reason', () => {
    const seen: unknown[] = [];
    const listen = (message: unknown) => seen.push(message);
    shedChannel.subscribe(listen);
    at().enter('low', -1);
    shedChannel.unsubscribe(listen);
    expect(seen).toEqual([{ name: 'test', priority: 'low', reason: 'expired' }]);
  });

  it('keeps to the limits and, between two refusals, to first come first served, and answers everybody', () => {
    const move = fc.oneof(
      fc.record({ kind: fc.constant('enter' as const), high: fc.boolean(), ms: fc.integer({ min: -5, max: 1_500 }) }),
      fc.record({ kind: fc.constant('leave' as const), index: fc.nat(20) }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 250 }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.array(move, { maxLength: 150 }), (limit, moves) => {
        const { sut, enter } = at(limit);
        const calls: ReturnType<typeof enter>[] = [];
        const running: Class[] = [];
        const started: ReturnType<typeof enter>[] = [];
        const refusedBefore = new Map<ReturnType<typeof enter>, number>();
        const phaseOf = (call: ReturnType<typeof enter>) => refusedBefore.get(call);
        let refused = 0;
        const arrive = (priority: Class, ms: number) => {
          const call = enter(priority, ms);
          calls.push(call);
          if (call.state === 'overloaded') refused += 1;
          refusedBefore.set(call, refused);
        };
        const sync = () => {
          for (const call of calls) {
            if (call.state !== 'started' || started.includes(call)) continue;
            started.push(call);
            running.push(call.priority);
          }
          expect(sut.inFlight).toBe(running.length);
          expect(running.length).toBeLessThanOrEqual(limit);
          expect(running.filter((each) => each === 'low').length).toBeLessThanOrEqual(Math.floor(limit / 2));
        };
        const leave = (index: number) => {
          const [priority] = running.splice(index % running.length, 1);
          if (priority) sut.leave(priority);
        };
        for (const each of moves) {
          if (each.kind === 'enter') arrive(each.high ? 'high' : 'low', each.ms);
          else if (each.kind === 'leave' && running.length > 0) leave(each.index);
          else if (each.kind === 'pass') vi.advanceTimersByTime(each.ms);
          sync();
        }
        for (const priority of ['high', 'low'] as const) {
          const own = started.filter((call) => call.priority === priority);
          for (const phase of new Set(own.map(phaseOf))) {
            const order = own.filter((call) => phaseOf(call) === phase).map((call) => calls.indexOf(call));
            expect(order).toEqual(order.toSorted((a, b) => a - b));
          }
        }
        while (running.length > 0) {
          leave(0);
          sync();
        }
        expect(calls.filter(({ state }) => state === 'waiting')).toEqual([]);
        expect(sut.waiting).toBe(0);
        vi.clearAllTimers();
      }),
    );
  });
});
