import { setTimeout as pause } from 'node:timers/promises';
import { Controller } from '@nestjs/common';
import { AppError, contract } from '@souk/contracts';
import { runInContext } from '@souk/platform';
import { shedChannel } from '@souk/resilience';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { Handles } from './handles.decorator.ts';
import { retryChannel } from './rpc.channels.ts';
import { NatsServer, startOnBus } from './testing/index.ts';

const options = {
  input: z.strictObject({}),
  output: z.object({}),
  idempotent: true,
  actsFor: 'nobody',
  errors: [],
} as const;
const flaky = contract('work.flaky', options);
const flakyOnce = contract('work.flakyOnce', { ...options, idempotent: false });
const busy = contract('work.busy', options);
const silent = contract('work.silent', { ...options, timeoutMs: 150 });
const thenAway = contract('work.thenAway', { ...options, timeoutMs: 150 });
const slow = contract('work.slow', { ...options, priority: 'order' });
const first = contract('work.first', { ...options, priority: 'order' });

const tries = { flaky: 0, busy: 0, silent: 0, thenAway: 0, slow: 0, first: 0 };
const unavailable = () => new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 });

@Controller()
class WorkController {
  @Handles(flaky)
  async flaky() {
    tries.flaky += 1;
    if (tries.flaky % 2 === 1) throw unavailable();
    return {};
  }

  @Handles(flakyOnce)
  async flakyOnce() {
    return this.flaky();
  }

  @Handles(busy)
  async busy(): Promise<Record<string, never>> {
    tries.busy += 1;
    throw new AppError('OVERLOADED', { retryAfter: 1 });
  }

  @Handles(silent)
  async silent() {
    tries.silent += 1;
    if (tries.silent === 1) await pause(400);
    return {};
  }

  @Handles(thenAway)
  async thenAway() {
    tries.thenAway += 1;
    if (tries.thenAway > 1) throw unavailable();
    await pause(400);
    return {};
  }

  @Handles(slow)
  async slow() {
    tries.slow += 1;
    await pause(50);
    return {};
  }

  @Handles(first)
  async first() {
    tries.first += 1;
    return {};
  }
}

type Bus = Awaited<ReturnType<typeof startOnBus>>;

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error: AppError) => error.code,
  );
const within = <T>(ms: number, work: () => Promise<T>) =>
  runInContext({ requestId: 'request-0001', deadline: Date.now() + ms }, work);
const count = (codes: string[], code: string): number => codes.filter((each) => each === code).length;

let nats: NatsServer;
let service: Bus;
let edge: Bus;
let inner: Bus;

beforeAll(async () => {
  nats = await NatsServer.start();
  service = await startOnBus('work', nats.url, [WorkController], { maxInFlight: 4 });
  edge = await startOnBus('edge', nats.url, [], { retries: true });
  inner = await startOnBus('inner', nats.url);
});

afterAll(async () => {
  for (const { app } of [edge, inner, service]) await app.close();
  await nats.stop();
});

beforeEach(() => Object.assign(tries, { flaky: 0, busy: 0, silent: 0, thenAway: 0, slow: 0, first: 0 }));

describe('a retry', () => {
  it('is sent once, at the edge, for a call that may be repeated', async () => {
    expect(await codeOf(edge.rpc.call(flaky, {}))).toBe('ok');
    expect(tries.flaky).toBe(2);
  });

  it('is not sent by a service, nor for a call that may not be repeated', async () => {
    expect(await codeOf(inner.rpc.call(flaky, {}))).toBe('SERVICE_UNAVAILABLE');
    tries.flaky = 0;
    expect(await codeOf(edge.rpc.call(flakyOnce, {}))).toBe('SERVICE_UNAVAILABLE');
    expect(tries.flaky).toBe(1);
  });

  it('is not sent to a service that has too much to do', async () => {
    expect(await codeOf(edge.rpc.call(busy, {}))).toBe('OVERLOADED');
    expect(tries.busy).toBe(1);
  });

  it('is sent when a replica did not answer in time', async () => {
    expect(await codeOf(within(3_000, () => edge.rpc.call(silent, {})))).toBe('ok');
  });

  it('is not sent when too little of the deadline is left', async () => {
    expect(await codeOf(within(450, () => edge.rpc.call(silent, {})))).toBe('DEADLINE_EXCEEDED');
    expect(tries.silent).toBe(1);
  });

  it('does not turn an unknown outcome into a known one', async () => {
    expect(await codeOf(edge.rpc.call(thenAway, {}))).toBe('DEADLINE_EXCEEDED');
    expect(tries.thenAway).toBe(2);
  });

  it('is not sent when the budget is spent', async () => {
    await using other = await startOnBus('edge', nats.url, [], { retries: true });
    const seen: unknown[] = [];
    const listen = (message: unknown) => seen.push(message);
    retryChannel.subscribe(listen);
    const away = contract('nowhere.get', options);
    await Promise.all(Array.from({ length: 20 }, () => codeOf(other.rpc.call(away, {}))));
    retryChannel.unsubscribe(listen);
    const outcomes = seen.map((each) => z.object({ outcome: z.string() }).parse(each).outcome);
    expect(count(outcomes, 'sent')).toBe(10);
    expect(count(outcomes, 'noBudget')).toBe(10);
  });
});

describe('a service with more to do than it can', () => {
  it('goes on with what it has accepted, refuses the rest saying when to come again, and recovers', async () => {
    const calls: Promise<string>[] = [];
    // Four at once of 50 ms each are 80 a second; these are 200.
    for (let i = 0; i < 200; i++) {
      calls.push(codeOf(inner.rpc.call(slow, {})));
      await pause(5);
    }
    const codes = await Promise.all(calls);
    expect(count(codes, 'ok')).toBeGreaterThan(40);
    expect(count(codes, 'OVERLOADED')).toBeGreaterThan(40);
    expect(count(codes, 'ok') + count(codes, 'OVERLOADED')).toBe(200);
    expect(tries.slow).toBe(count(codes, 'ok'));
    expect(await codeOf(inner.rpc.call(slow, {}))).toBe('ok');
  });

  it('does not start what it cannot start in time, says so while somebody hears it, and counts it', async () => {
    // A service of its own: the one above still remembers that it was overloaded.
    await using broker = await NatsServer.start();
    await using handler = await startOnBus('work', broker.url, [WorkController], { maxInFlight: 4 });
    expect(handler).toBeDefined();
    await using inner = await startOnBus('caller', broker.url);
    const seen: unknown[] = [];
    const listen = (message: unknown) => seen.push(message);
    shedChannel.subscribe(listen);
    const running = Array.from({ length: 16 }, () => codeOf(inner.rpc.call(slow, {})));
    expect(await codeOf(within(200, () => inner.rpc.call(first, {})))).toBe('OVERLOADED');
    await Promise.all(running);
    shedChannel.unsubscribe(listen);
    expect(tries.first).toBe(0);
    expect(seen).toEqual([{ name: 'work', priority: 'order', reason: 'overloaded' }]);
  });
});

describe('a broker that freezes', () => {
  it('keeps nobody waiting beyond the deadline, and nobody is deaf when it is back', async () => {
    await using broker = await NatsServer.start();
    await using handler = await startOnBus('work', broker.url, [WorkController]);
    await using caller = await startOnBus('caller', broker.url);
    expect(await codeOf(caller.rpc.call(first, {}))).toBe('ok');
    await broker.freeze();
    const codes = await Promise.all(
      Array.from({ length: 12 }, () => codeOf(within(300, () => caller.rpc.call(first, {})))),
    );
    expect(new Set(codes)).toEqual(new Set(['DEADLINE_EXCEEDED']));
    // Noticed by the pings; from then on the status of the connection refuses.
    await vi.waitFor(
      async () => expect(await codeOf(caller.rpc.call(contract('other.get', options), {}))).toBe('SERVICE_UNAVAILABLE'),
      { timeout: 20_000, interval: 100 },
    );
    broker.thaw();
    await vi.waitFor(async () => expect(await codeOf(caller.rpc.call(first, {}))).toBe('ok'), 20_000);
    expect(handler).toBeDefined();
  });
});
