import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { breakerChannel, CircuitBreakers, CircuitOpenError } from './circuit-breakers.ts';

class Unwell extends Error {}
class Refused extends Error {}

const breakers = () =>
  new CircuitBreakers({
    isFailure: (error) => error instanceof Unwell,
    threshold: 3,
    silenceMs: 500,
    halfOpenAfterMs: 1_000,
  });
const fail = (error: Error) => () => Promise.reject(error);
const succeed = () => Promise.resolve('ok');

async function open(sut: CircuitBreakers, target: string) {
  for (let i = 0; i < 3; i++) await expect(sut.run(target, fail(new Unwell()))).rejects.toThrow(Unwell);
}

describe('CircuitBreakers', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('passes results and errors through while closed', async () => {
    const sut = breakers();
    await expect(sut.run('a', succeed)).resolves.toBe('ok');
    await expect(sut.run('a', fail(new Refused()))).rejects.toThrow(Refused);
  });

  it('opens after the threshold of failures in a row and then refuses without calling', async () => {
    const sut = breakers();
    await open(sut, 'a');
    const work = vi.fn(succeed);
    await expect(sut.run('a', work)).rejects.toThrow(CircuitOpenError);
    expect(work).not.toHaveBeenCalled();
    expect(sut.isOpen('a')).toBe(true);
  });

  it('does not open on refusals, which are the caller’s fault', async () => {
    const sut = breakers();
    for (let i = 0; i < 10; i++) await expect(sut.run('a', fail(new Refused()))).rejects.toThrow(Refused);
    expect(sut.isOpen('a')).toBe(false);
  });

  it('does not open when failures and successes alternate, as with one dead replica of two', async () => {
    const sut = breakers();
    for (let i = 0; i < 10; i++) {
      await expect(sut.run('a', fail(new Unwell()))).rejects.toThrow(Unwell);
      await sut.run('a', succeed);
    }
    expect(sut.isOpen('a')).toBe(false);
  });

  it('does not open on a row of failures while another replica answers', async () => {
    const sut = breakers();
    await sut.run('a', succeed);
    for (let i = 0; i < 10; i++) await expect(sut.run('a', fail(new Unwell()))).rejects.toThrow(Unwell);
    expect(sut.isOpen('a')).toBe(false);
    vi.advanceTimersByTime(500);
    await expect(sut.run('a', fail(new Unwell()))).rejects.toThrow(Unwell);
    expect(sut.isOpen('a')).toBe(true);
  });

  it('keeps one breaker per target', async () => {
    const sut = breakers();
    await open(sut, 'a');
    await expect(sut.run('b', succeed)).resolves.toBe('ok');
  });

  it('lets one probe through after the pause and closes when it succeeds', async () => {
    const sut = breakers();
    await open(sut, 'a');
    vi.advanceTimersByTime(1_001);
    await expect(sut.run('a', succeed)).resolves.toBe('ok');
    expect(sut.isOpen('a')).toBe(false);
  });

  it('refuses at once what comes while the probe is under way, and says when to come again', async () => {
    const sut = breakers();
    await open(sut, 'a');
    vi.advanceTimersByTime(1_001);
    const { promise, resolve } = Promise.withResolvers<string>();
    const probe = sut.run('a', () => promise);
    await expect(sut.run('a', succeed)).rejects.toMatchObject({ name: 'CircuitOpenError', retryAfter: 1 });
    resolve('ok');
    await expect(probe).resolves.toBe('ok');
  });

  it('opens again when the probe fails', async () => {
    const sut = breakers();
    await open(sut, 'a');
    vi.advanceTimersByTime(1_001);
    await expect(sut.run('a', fail(new Unwell()))).rejects.toThrow(Unwell);
    await expect(sut.run('a', succeed)).rejects.toThrow(CircuitOpenError);
  });

  it('announces its state at first, and each change of it', async () => {
    const seen: unknown[] = [];
    const listen = (message: unknown) => seen.push(message);
    breakerChannel.subscribe(listen);
    await open(breakers(), 'a');
    breakerChannel.unsubscribe(listen);
    expect(seen).toEqual([
      { target: 'a', state: 'Closed' },
      { target: 'a', state: 'Open' },
    ]);
  });
});
