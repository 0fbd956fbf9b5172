import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Svcm } from '@nats-io/services';
import { Controller } from '@nestjs/common';
import { AppError, contract, latencyQuantile, LatencyCounts, tapAsked, tapped, TappedCall } from '@souk/contracts';
import { currentContext, runInContext } from '@souk/platform';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { Handles } from './handles.decorator.ts';
import { NatsServer, startOnBus } from './testing/index.ts';

const Text = z.strictObject({ text: z.string(), password: z.string().optional() });
const options = {
  input: Text,
  output: z.object({ text: z.string() }),
  idempotent: true,
  actsFor: 'nobody',
  errors: [],
} as const;
const say = contract('echo.say', options);
const refuse = contract('echo.refuse', options);
const nobody = contract('absent.get', options);

@Controller()
class EchoController {
  @Handles(say)
  async say({ text }: z.infer<typeof Text>) {
    currentContext()?.storeCalls?.push({ command: 'find texts', milliseconds: 3, outcome: 'ok' });
    return { text };
  }

  @Handles(refuse)
  async refuse(): Promise<{ text: string }> {
    throw new AppError('OUT_OF_STOCK', { message: 'None left for jane@shop.test.' });
  }
}

let server: NatsServer;
let operator: NatsConnection;
beforeAll(async () => {
  server = await NatsServer.start();
  operator = await connect({ servers: server.url });
});
afterAll(async () => {
  await operator.close();
  await server.stop();
});

/** What is reported from now on; `subjects` as in `bus.tap`. */
async function tap(...subjects: string[]) {
  const calls: TappedCall[] = [];
  operator.subscribe(tapped.subject, {
    callback: (_error, message) => void calls.push(TappedCall.parse(message.json())),
  });
  operator.publish(tapAsked.subject, JSON.stringify({ subjects }));
  await operator.flush();
  return calls;
}

describe('a tap on the bus', () => {
  it('hears request, reply, both ends and the store, and no secret', async () => {
    await using _ = await startOnBus('echo', server.url, [EchoController]);
    await using caller = await startOnBus('shop', server.url);
    const calls = await tap();
    const context = { requestId: 'request-0001' };
    await vi.waitFor(async () => {
      await runInContext(context, () => caller.rpc.call(say, { text: 'to jane@shop.test', password: 'hunter2' }));
      expect(calls).not.toHaveLength(0);
    });
    const [info] = await Array.fromAsync(await new Svcm(operator).client().info('echo'));
    expect(calls[0]).toMatchObject({
      seenBy: 'handler',
      subject: 'echo.say',
      caller: 'shop',
      replica: info?.id,
      requestId: 'request-0001',
      outcome: 'ok',
      request: { text: 'to [e-mail]', password: '[redacted]' },
      reply: { text: 'to [e-mail]' },
      store: [{ command: 'find texts', milliseconds: 3, outcome: 'ok' }],
    });
  });

  it('hears a refusal once, from the handler, and what nobody answered, from the caller', async () => {
    await using _ = await startOnBus('echo', server.url, [EchoController]);
    await using caller = await startOnBus('shop', server.url);
    const calls = await tap(refuse.subject, nobody.subject);
    await vi.waitFor(async () => {
      await caller.rpc.call(refuse, { text: 'until it listens' }).catch(() => undefined);
      expect(calls).not.toHaveLength(0);
    });
    await caller.rpc.call(say, { text: 'not asked for' });
    await caller.rpc.call(refuse, { text: 'once' }).catch(() => undefined);
    await caller.rpc.call(nobody, { text: 'once' }).catch(() => undefined);
    const once = () => calls.filter(({ request }) => Text.parse(request).text !== 'until it listens');
    await vi.waitFor(() => expect(once().map(({ subject }) => subject)).toContain(nobody.subject));
    expect(once()).toMatchObject([
      { seenBy: 'handler', reply: { code: 'OUT_OF_STOCK', message: 'None left for [e-mail].' } },
      { seenBy: 'caller', caller: 'shop', replica: null, subject: 'absent.get' },
    ]);
  });

  it('is not reported to before it is asked for, and tells only the size of what is huge', async () => {
    await using _ = await startOnBus('echo', server.url, [EchoController]);
    await using caller = await startOnBus('shop', server.url);
    const calls: unknown[] = [];
    operator.subscribe(tapped.subject, { callback: (_error, message) => void calls.push(message.json()) });
    await operator.flush();
    await caller.rpc.call(say, { text: 'unheard' });
    const heard = await tap();
    const text = 'x'.repeat(30_000);
    await vi.waitFor(async () => {
      await caller.rpc.call(say, { text });
      expect(heard).not.toHaveLength(0);
    });
    expect(calls[0]).toMatchObject({ reply: '[30011 characters]' });
  });
});

describe('the replicas of a service', () => {
  it('are those that answer, with what each has done; none where there is none', async () => {
    await using first = await startOnBus('echo', server.url, [EchoController]);
    await using second = await startOnBus('echo', server.url, [EchoController]);
    await using caller = await startOnBus('shop', server.url);
    for (let turn = 0; turn < 20; turn++) await caller.rpc.call(say, { text: 'a' });
    const replicas = await caller.rpc.replicas('echo');
    expect([first, second]).toHaveLength(replicas.length);
    expect(replicas.reduce((sum, { calls }) => sum + calls, 0)).toBe(20);
    expect(await caller.rpc.replicas('absent')).toEqual([]);
  });
});

describe('the statistics of an endpoint', () => {
  it('hold how long its calls took', async () => {
    await using _ = await startOnBus('echo', server.url, [EchoController]);
    await using caller = await startOnBus('shop', server.url);
    for (let turn = 0; turn < 10; turn++) await caller.rpc.call(say, { text: 'a' });
    const [stats] = await Array.fromAsync(await new Svcm(operator).client().stats('echo'));
    const endpoint = stats?.endpoints?.find(({ name }) => name === 'say');
    const { latencies } = z.object({ latencies: LatencyCounts }).parse(endpoint?.data);
    expect(latencies.reduce((sum, count) => sum + count, 0)).toBe(10);
    expect(latencyQuantile(latencies, 0.5)).toBeGreaterThan(0);
  });
});
