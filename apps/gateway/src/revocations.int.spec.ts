import { Controller } from '@nestjs/common';
import type { Principal } from '@souk/auth';
import { type HandlerInput, type Revocation, userContracts, userRevoked } from '@souk/contracts';
import { HealthService } from '@souk/platform';
import { Handles } from '@souk/rpc';
import { NatsServer, startOnBus } from '@souk/rpc/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Revocations } from './revocations.ts';

const later = new Date(Date.now() + 60_000).toISOString();
const sid = 'a'.repeat(24);
const userId = 'b'.repeat(24);
const session: Revocation = { of: 'session', sid, until: later };
const since = new Date('2026-01-01T00:00:00.500Z');
const principal: Principal = { userId, role: 'customer', sid, since };

/** What the user service has written down, in pages of one. */
let written: Revocation[] = [];
@Controller()
class Written {
  @Handles(userContracts.revocations)
  async page({ after = '0' }: HandlerInput<typeof userContracts.revocations>) {
    const at = Number(after);
    return { items: written.slice(at, at + 1), next: at + 1 < written.length ? String(at + 1) : null };
  }
}

let closing: AsyncDisposableStack;
let nats: NatsServer;
beforeEach(async () => {
  written = [];
  closing = new AsyncDisposableStack();
  nats = closing.use(await NatsServer.start());
});
afterEach(() => closing.disposeAsync());

const startUserService = async () => closing.use(await startOnBus('user', nats.url, [Written]));

async function startGateway() {
  const { app, rpc } = closing.use(await startOnBus('gateway', nats.url));
  const revocations = new Revocations(rpc, app.get(HealthService));
  closing.defer(() => revocations.onApplicationShutdown());
  await revocations.onApplicationBootstrap();
  return revocations;
}

const codeOf = (revocations: Revocations, who: Partial<Principal> = {}): unknown => {
  try {
    revocations.check({ ...principal, ...who });
    return 'ok';
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
};

describe('revocations', () => {
  it('are known when the gateway begins, all pages of them', async () => {
    written = [{ of: 'session', sid: 'c'.repeat(24), until: later }, session];
    await startUserService();
    const gateway = await startGateway();
    expect(codeOf(gateway)).toBe('UNAUTHENTICATED');
    expect(codeOf(gateway, { sid: 'd'.repeat(24) })).toBe('ok');
  });

  it('are heard of while it runs', async () => {
    const { rpc } = await startUserService();
    const gateway = await startGateway();
    expect(codeOf(gateway)).toBe('ok');
    rpc.publish(userRevoked, session);
    await vi.waitFor(() => expect(codeOf(gateway)).toBe('UNAUTHENTICATED'));
  });

  it('of a user end what began before that moment, to the millisecond, and not what began then', async () => {
    const notBefore = '2026-01-01T00:00:00.501Z';
    written = [{ of: 'user', userId, notBefore, until: later }];
    await startUserService();
    const gateway = await startGateway();
    expect(codeOf(gateway)).toBe('UNAUTHENTICATED');
    expect(codeOf(gateway, { since: new Date(notBefore) })).toBe('ok');
    expect(codeOf(gateway, { userId: 'c'.repeat(24) })).toBe('ok');
  });

  it('of a user do not go back when an older one is heard late', async () => {
    written = [{ of: 'user', userId, notBefore: '2026-01-01T00:00:00.501Z', until: later }];
    const { rpc } = await startUserService();
    const gateway = await startGateway();
    rpc.publish(userRevoked, { of: 'user', userId, notBefore: '2025-01-01T00:00:00.000Z', until: later });
    rpc.publish(userRevoked, { of: 'session', sid: 'e'.repeat(24), until: later });
    await vi.waitFor(() => expect(codeOf(gateway, { sid: 'e'.repeat(24), userId: '' })).toBe('UNAUTHENTICATED'));
    expect(codeOf(gateway)).toBe('UNAUTHENTICATED');
  });

  it('that nobody could tell yet let nobody in, and nobody out', async () => {
    const gateway = await startGateway();
    expect(codeOf(gateway)).toBe('SERVICE_UNAVAILABLE');
    await startUserService();
    await vi.waitFor(() => expect(codeOf(gateway)).toBe('ok'), 5_000);
  });

  it('that were missed while the gateway was cut off are read afterwards', async () => {
    await startUserService();
    const gateway = await startGateway();
    await nats.stop();
    written = [session];
    expect(codeOf(gateway)).toBe('ok');
    await nats.start();
    await vi.waitFor(() => expect(codeOf(gateway)).toBe('UNAUTHENTICATED'), 10_000);
  });

  it('are forgotten when the last token they meant has expired', async () => {
    written = [{ ...session, until: new Date(Date.now() + 500).toISOString() }];
    await startUserService();
    const gateway = await startGateway();
    expect(codeOf(gateway)).toBe('UNAUTHENTICATED');
    await vi.waitFor(() => expect(codeOf(gateway)).toBe('ok'), 5_000);
  });
});
