import { setTimeout as pause } from 'node:timers/promises';
import { Controller } from '@nestjs/common';
import { connect } from '@nats-io/transport-node';
import { AppError, contract, event } from '@souk/contracts';
import { type ActingUser, currentContext, remainingMs, runInContext } from '@souk/platform';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { Handles } from './handles.decorator.ts';
import { NatsServer, startOnBus } from './testing/index.ts';

const Text = z.strictObject({ text: z.string().max(100) });
const answer = z.object({ text: z.string(), by: z.string().optional() });
const options = { input: Text, output: answer, idempotent: true, actsFor: 'nobody', errors: [] } as const;

const echo = contract('echo.say', options);
const context = contract('echo.context', {
  ...options,
  output: z.object({ requestId: z.string(), traceparent: z.string().optional(), left: z.number() }),
});
const refuse = contract('echo.refuse', options);
const crash = contract('echo.crash', options);
const hang = contract('echo.hang', { ...options, timeoutMs: 200 });
const leak = contract('echo.leak', options);
const huge = contract('echo.huge', options);
const nobody = contract('absent.get', options);
const own = contract('echo.own', { ...options, input: z.strictObject({ userId: z.string() }), actsFor: 'owner' });
const manage = contract('echo.manage', { ...options, actsFor: 'admin' });
const told = event('echo.told', { payload: z.strictObject({ text: z.string() }), publishers: [], listeners: [] });

const handled: string[] = [];
const never = new Promise<never>(() => {});

@Controller()
class EchoController {
  readonly id = Math.random().toString(36);

  @Handles(echo)
  async say({ text }: z.infer<typeof Text>) {
    handled.push(this.id);
    await pause(5);
    return { text, by: this.id };
  }

  @Handles(context)
  async context() {
    const { requestId = '', traceparent } = currentContext() ?? {};
    return { requestId, traceparent, left: remainingMs() };
  }

  @Handles(refuse)
  async refuse(): Promise<{ text: string }> {
    throw new AppError('OUT_OF_STOCK', { message: 'Only 3 left.', details: { available: 3 }, retryAfter: 7 });
  }

  @Handles(crash)
  async crash(): Promise<{ text: string }> {
    throw new Error('password=hunter2 at /srv/secret.ts');
  }

  @Handles(hang)
  async hang() {
    return never;
  }

  @Handles(leak)
  async leak() {
    return { text: 'ok', passwordHash: '$argon2id$' };
  }

  @Handles(own)
  async own() {
    return { text: 'yours' };
  }

  @Handles(manage)
  async manage() {
    return { text: 'done' };
  }

  @Handles(huge)
  async huge() {
    return { text: 'x'.repeat(2_000_000) };
  }
}

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error: AppError) => error.code,
  );

describe('the bus', () => {
  let nats: NatsServer;
  let service: Awaited<ReturnType<typeof startOnBus>>;
  let caller: Awaited<ReturnType<typeof startOnBus>>;

  beforeAll(async () => {
    nats = await NatsServer.start();
    service = await startOnBus('echo', nats.url, [EchoController]);
    caller = await startOnBus('caller', nats.url);
  });

  afterAll(async () => {
    await caller.app.close();
    await service.app.close();
    await nats.stop();
  });

  const as = (actingUser: ActingUser | undefined, call: () => Promise<unknown>) =>
    codeOf(runInContext({ requestId: 'r-acting-user', actingUser }, call));
  const alice = { userId: 'alice', role: 'customer' };

  it('does what belongs to a user only for that user', async () => {
    const ask = (userId: string) => () => caller.rpc.call(own, { userId });
    expect(await as(alice, ask('alice'))).toBe('ok');
    expect(await as(alice, ask('bob'))).toBe('FORBIDDEN');
    expect(await as({ userId: 'root', role: 'admin' }, ask('bob'))).toBe('FORBIDDEN');
    expect(await as(undefined, ask('alice'))).toBe('FORBIDDEN');
  });

  it('does what is an admin’s only for one', async () => {
    const ask = () => caller.rpc.call(manage, { text: 'x' });
    expect(await as({ userId: 'root', role: 'admin' }, ask)).toBe('ok');
    expect(await as(alice, ask)).toBe('FORBIDDEN');
    expect(await as({ userId: 'root', role: 'owner' }, ask)).toBe('FORBIDDEN');
    expect(await as(undefined, ask)).toBe('FORBIDDEN');
  });

  it('lets whoever sends a message by hand act without a user', async () => {
    const raw = await connect({ servers: nats.url });
    const reply = await raw.request(own.subject, JSON.stringify({ userId: 'alice' }));
    await raw.close();
    expect(reply.json()).toEqual({ text: 'yours' });
  });

  it('answers a call with what the handler returned', async () => {
    await expect(caller.rpc.call(echo, { text: 'hi' })).resolves.toMatchObject({ text: 'hi' });
  });

  it('answers a plain request of the nats CLI with plain JSON', async () => {
    const raw = await connect({ servers: nats.url });
    const message = await raw.request('echo.say', '{"text":"by hand"}');
    expect(message.json()).toMatchObject({ text: 'by hand' });
    await raw.close();
  });

  it('is found, described and counted by the NATS service API', async () => {
    const raw = await connect({ servers: nats.url });
    const before = await statsOf(raw, 'echo.crash');
    await codeOf(caller.rpc.call(crash, { text: '' }));
    await vi.waitFor(async () => {
      const after = await statsOf(raw, 'echo.crash');
      expect(after.num_requests).toBe(before.num_requests + 1);
      expect(after.num_errors).toBe(before.num_errors + 1);
      expect(after.last_error).toBe('INTERNAL');
      expect(after.queue_group).toBe('echo');
    });
    await raw.close();
  });

  it('refuses bad input naming the field, before the handler runs', async () => {
    const error = await caller.rpc.call(echo, { text: 'x'.repeat(101) }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED', details: { errors: [{ field: 'text' }] } });
  });

  it('refuses fields the contract does not know', async () => {
    const input = { text: 'hi', $where: '1' };
    await expect(caller.rpc.call(echo, input)).rejects.toMatchObject({
      details: { errors: [{ field: '$where', message: 'Unknown field.' }] },
    });
  });

  it('refuses a payload that is not JSON', async () => {
    const raw = await connect({ servers: nats.url });
    const message = await raw.request('echo.say', '{nope');
    expect(message.json()).toMatchObject({ code: 'MALFORMED_REQUEST' });
    expect(message.headers?.get('Nats-Service-Error')).toBe('MALFORMED_REQUEST');
    expect(message.headers?.get('Nats-Service-Error-Code')).toBe('400');
    await raw.close();
  });

  it('carries a known error with its details and its retry hint to the caller', async () => {
    await expect(caller.rpc.call(refuse, { text: '' })).rejects.toMatchObject({
      code: 'OUT_OF_STOCK',
      message: 'Only 3 left.',
      details: { available: 3 },
      retryAfter: 7,
    });
  });

  it('masks an unknown error', async () => {
    const error = await caller.rpc.call(crash, { text: '' }).catch((reason: AppError) => reason);
    expect(error).toMatchObject({ code: 'INTERNAL' });
    expect(JSON.stringify(error)).not.toMatch(/hunter2|secret/);
  });

  it('does not let a field through that the contract does not promise', async () => {
    await expect(caller.rpc.call(leak, { text: '' })).resolves.toEqual({ text: 'ok' });
  });

  it('answers at once when nobody handles the subject', async () => {
    await expect(caller.rpc.call(nobody, { text: '' })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      retryAfter: 1,
    });
  });

  it('gives up on a handler that hangs when the deadline has passed', async () => {
    await expect(caller.rpc.call(hang, { text: '' })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });

  it('answers an error, not silence, when the reply is larger than the broker takes', async () => {
    await expect(codeOf(caller.rpc.call(huge, { text: '' }))).resolves.toBe('INTERNAL');
  });

  it('passes request id and trace on, and gives the handler the caller’s deadline', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const request = { requestId: 'request-0001', traceparent, deadline: Date.now() + 400 };
    const seen = await runInContext(request, () => caller.rpc.call(context, { text: '' }));
    expect(seen).toMatchObject({ requestId: 'request-0001', traceparent });
    expect(seen.left).toBeLessThanOrEqual(350);
    expect(seen.left).toBeGreaterThan(0);
  });

  it('does not start work whose deadline has passed', async () => {
    const before = handled.length;
    const expired = { requestId: 'request-0002', deadline: Date.now() - 1 };
    await expect(runInContext(expired, () => codeOf(caller.rpc.call(echo, { text: '' })))).resolves.toBe(
      'DEADLINE_EXCEEDED',
    );
    expect(handled.length).toBe(before);
  });

  it('tells every replica of an event, and drops what does not match its schema', async () => {
    await using other = await startOnBus('other', nats.url);
    const heard: string[] = [];
    caller.rpc.subscribe(told, ({ text }) => heard.push(`caller ${text}`));
    other.rpc.subscribe(told, ({ text }) => heard.push(`other ${text}`));
    await vi.waitFor(() => {
      service.rpc.publish(told, { text: 'news' });
      expect(new Set(heard)).toEqual(new Set(['caller news', 'other news']));
    });
    const raw = await connect({ servers: nats.url });
    raw.publish('echo.told', '{"text":1}');
    raw.publish('echo.told', 'garbage');
    await raw.flush();
    service.rpc.publish(told, { text: 'last' });
    await vi.waitFor(() => expect(heard).toContain('caller last'));
    expect(heard.every((line) => / (news|last)$/.test(line))).toBe(true);
    await raw.close();
  });

  it('shares the work between two replicas, each message handled once', async () => {
    await using second = await startOnBus('echo', nats.url, [EchoController]);
    const before = handled.length;
    await Promise.all(Array.from({ length: 100 }, () => caller.rpc.call(echo, { text: 'x' })));
    const by = handled.slice(before);
    expect(by).toHaveLength(100);
    expect(new Set(by).size).toBe(2);
    expect(second).toBeDefined();
  });

  it('loses nothing when a replica stops under load', async () => {
    const second = await startOnBus('echo', nats.url, [EchoController]);
    const before = handled.length;
    const calls: Promise<string>[] = [];
    for (let i = 0; i < 300; i++) {
      calls.push(codeOf(caller.rpc.call(echo, { text: 'x' })));
      if (i === 150) void second.app.close();
      if (i % 10 === 0) await pause(1);
    }
    const outcomes = await Promise.all(calls);
    expect(outcomes.filter((outcome) => outcome !== 'ok')).toEqual([]);
    expect(handled.length - before).toBe(300);
  });
});

async function statsOf(raw: Awaited<ReturnType<typeof connect>>, subject: string) {
  const stats = (await raw.request('$SRV.STATS.echo', '')).json<{ endpoints: { subject: string }[] }>();
  const endpoint = stats.endpoints.find((each) => each.subject === subject);
  return z
    .looseObject({ num_requests: z.number(), num_errors: z.number(), last_error: z.string().optional() })
    .parse(endpoint);
}

describe('when the broker goes away', () => {
  it('refuses calls at once, and heals by itself when it is back', async () => {
    await using nats = await NatsServer.start();
    await using service = await startOnBus('echo', nats.url, [EchoController]);
    await using caller = await startOnBus('caller', nats.url);
    const reconnected = vi.fn();
    caller.rpc.onReconnect(reconnected);
    await caller.rpc.call(echo, { text: 'before' });
    await nats.stop();
    // A call that was held back until its timeout would be DEADLINE_EXCEEDED.
    await vi.waitFor(
      async () => expect(await codeOf(caller.rpc.call(echo, { text: 'meanwhile' }))).toBe('SERVICE_UNAVAILABLE'),
      20_000,
    );
    await nats.start();
    await vi.waitFor(async () => expect(await codeOf(caller.rpc.call(echo, { text: 'after' }))).toBe('ok'), 20_000);
    expect(reconnected).toHaveBeenCalled();
    expect(service).toBeDefined();
  });

  it('settles a call that was under way when the broker died', async () => {
    await using nats = await NatsServer.start();
    await using service = await startOnBus('echo', nats.url, [EchoController]);
    await using caller = await startOnBus('caller', nats.url);
    const call = codeOf(caller.rpc.call(hang, { text: '' }));
    await nats.stop();
    expect(await call).toMatch(/DEADLINE_EXCEEDED|SERVICE_UNAVAILABLE/);
    await nats.start();
    await vi.waitFor(async () => expect(await codeOf(caller.rpc.call(echo, { text: 'x' }))).toBe('ok'), 20_000);
    expect(service).toBeDefined();
  });

  it('opens the breaker on a service that does not answer, and closes it again', async () => {
    await using nats = await NatsServer.start();
    await using caller = await startOnBus('caller', nats.url);
    for (let i = 0; i < 10; i++) await codeOf(caller.rpc.call(echo, { text: 'x' }));
    await using service = await startOnBus('echo', nats.url, [EchoController]);
    expect(await codeOf(caller.rpc.call(echo, { text: 'x' }))).toBe('SERVICE_UNAVAILABLE');
    await vi.waitFor(async () => expect(await codeOf(caller.rpc.call(echo, { text: 'x' }))).toBe('ok'), 5_000);
    expect(service).toBeDefined();
  });
});
