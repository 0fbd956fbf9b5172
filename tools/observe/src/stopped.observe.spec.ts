import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '@souk/stack';
import { get, pidsOf, stack } from '@souk/stack/shop';
import { afterEach, expect, it, vi } from 'vitest';
import { ask } from './prometheus.ts';

const BUS = join(root, 'tools/bus/src/main.ts');
/** Seconds in which everything is to name a service that has stopped (issue: 5 s). */
const WITHIN = { timeout: 5_000, interval: 100 };

const frozen: number[] = [];
afterEach(() => {
  for (const pid of frozen.splice(0)) process.kill(pid, 'SIGCONT');
});

const degraded = async (): Promise<string[]> => (await get('/health/ready', { base: stack.GATEWAY_URL })).body.degraded;
const down = async () => (await ask('up{job="souk"} == 0')).map(({ metric }) => metric['service']);
const silentOnTheBus = () =>
  spawnSync(process.execPath, ['--conditions=@souk/source', BUS, 'ping'], { encoding: 'utf8' }).stderr;

it('a service that has stopped is named by health, the bus and the alert, and is clear again when it goes on', async () => {
  for (const pid of pidsOf('product')) {
    process.kill(pid, 'SIGSTOP');
    frozen.push(pid);
  }
  await vi.waitFor(async () => {
    expect(await degraded()).toEqual(['product']);
    expect(await down()).toEqual(['product']);
  }, WITHIN);
  expect(silentOnTheBus()).toContain('product does not answer');
  for (const pid of frozen.splice(0)) process.kill(pid, 'SIGCONT');
  await vi.waitFor(async () => {
    expect(await degraded()).toEqual([]);
    expect(await down()).toEqual([]);
    expect(silentOnTheBus()).toBe('');
  }, 20_000);
});
