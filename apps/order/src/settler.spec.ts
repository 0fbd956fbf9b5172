import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { currentContext, runInContext } from '@souk/platform';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Holds, ProductClient } from './product.client.ts';
import { Settler } from './settler.ts';

const settle = vi.fn<ProductClient['settle']>();
const holds = (attempt: number): Holds => ({ attempt: `attempt ${attempt}`, productIds: ['a'] });
const named = () => settle.mock.calls.flatMap(([batch]) => batch.map(({ attempt }) => attempt));

@Module({ providers: [Settler, { provide: ProductClient, useValue: { settle } }] })
class SettlerApp {}

const start = () => NestFactory.createApplicationContext(SettlerApp, { logger: false });
let app: Awaited<ReturnType<typeof start>>;
let settler: Settler;

beforeEach(async () => {
  settle.mockReset().mockResolvedValue();
  app = await start();
  settler = app.get(Settler);
});
afterEach(() => app.close());

describe('Settler', () => {
  it('collects what comes close together into one call', async () => {
    for (let i = 0; i < 20; i++) settler.add(holds(i));
    expect(settle).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(settle).toHaveBeenCalledTimes(1));
    expect(named()).toHaveLength(20);
  });

  it('names at most 500 attempts a call, and each of them once', async () => {
    for (let i = 0; i < 1_201; i++) settler.add(holds(i));
    await vi.waitFor(() => expect(settle).toHaveBeenCalledTimes(3));
    expect(settle.mock.calls.map(([batch]) => batch.length)).toEqual([500, 500, 201]);
    expect(new Set(named()).size).toBe(1_201);
  });

  it('goes on with the next batch after one was lost, which it does not send again', async () => {
    settle.mockRejectedValueOnce(new Error('no answer'));
    settler.add(holds(1));
    await vi.waitFor(() => expect(settle).toHaveBeenCalledTimes(1));
    settler.add(holds(2));
    await vi.waitFor(() => expect(settle).toHaveBeenCalledTimes(2));
    expect(named()).toEqual(['attempt 1', 'attempt 2']);
  });

  it('sends one batch at a time while the product service is slow', async () => {
    const gate = Promise.withResolvers<void>();
    settle.mockReturnValueOnce(gate.promise);
    settler.add(holds(1));
    await vi.waitFor(() => expect(settle).toHaveBeenCalledTimes(1));
    settler.add(holds(2));
    settler.add(holds(3));
    gate.resolve();
    await vi.waitFor(() => expect(settle).toHaveBeenCalledTimes(2));
    expect(named()).toEqual(['attempt 1', 'attempt 2', 'attempt 3']);
  });

  it('does not hand the deadline of a request down to the batch', async () => {
    let deadline: number | undefined = 0;
    settle.mockImplementationOnce(async () => void (deadline = currentContext()?.deadline));
    runInContext({ requestId: 'request-1', deadline: Date.now() + 10 }, () => settler.add(holds(1)));
    await vi.waitFor(() => expect(settle).toHaveBeenCalledTimes(1));
    expect(deadline).toBeUndefined();
  });

  it('sends what is waiting when the app stops, and waits for the answer', async () => {
    const gate = Promise.withResolvers<void>();
    settle.mockReturnValueOnce(gate.promise);
    settler.add(holds(1));
    let closed = false;
    const closing = app.close().then(() => (closed = true));
    await vi.waitFor(() => expect(named()).toEqual(['attempt 1']));
    expect(closed).toBe(false);
    gate.resolve();
    await closing;
    expect(settle).toHaveBeenCalledTimes(1);
  });
});
