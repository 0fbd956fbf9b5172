import { TerminusModule } from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { HealthService } from './health.service.ts';

let health: HealthService;

beforeEach(async () => {
  const module = await Test.createTestingModule({
    imports: [TerminusModule.forRoot({ logger: false })],
    providers: [HealthService],
  }).compile();
  health = module.get(HealthService);
});

describe('the report of a moment ago', () => {
  it('is there after one was asked for, and not for long', async () => {
    expect(health.recent()).toBeUndefined();
    const report = await health.ready();
    expect(health.recent()).toBe(report);
    await vi.waitUntil(() => health.recent() === undefined, { timeout: 5_000, interval: 10 });
  });

  it('is gone once the process drains, and does not come back from one that was under way', async () => {
    await health.ready();
    const underWay = health.ready();
    health.drain();
    expect(health.recent()).toBeUndefined();
    await underWay.catch(() => undefined);
    expect(health.recent()).toBeUndefined();
    await expect(health.ready()).rejects.toThrow('Service Unavailable');
  });

  it('is not kept where it says that this process is of no use', async () => {
    health.add({ name: 'nats', critical: true, check: () => Promise.reject(new Error('gone')) });
    await expect(health.ready()).rejects.toThrow('Service Unavailable');
    expect(health.recent()).toBeUndefined();
  });
});
