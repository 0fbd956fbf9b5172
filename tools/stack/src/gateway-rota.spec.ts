import { expect, it } from 'vitest';
import { GatewayRota, type Health } from './gateway-rota.ts';
import type { Address } from './nginx.ts';
import { eventually } from './spec-support.ts';

/** Two gateways (ports 1 and 2) that are ready as told, before an Nginx that notes where it leads. */
function scripted(count = 2) {
  const gateways = Array.from({ length: count }, (_, index) => ({ host: '', port: index + 1 }));
  const log: string[] = [];
  const health = new Map<number, Health>();
  const front = { leadTo: (to: readonly Address[]) => void log.push(to.map(({ port }) => port).join(' ')) };
  const rota = new GatewayRota(gateways, front, async ({ port }) => health.get(port) ?? 'ready');
  const watching = new AbortController();
  const watched = rota.watch(watching.signal);
  const dispose = async () => {
    watching.abort();
    await watched;
  };
  return { log, health, [Symbol.asyncDispose]: dispose };
}

it('leads past a gateway that is not ready, and back when it is', async () => {
  await using one = scripted();
  one.health.set(2, 'not-ready');
  await eventually('past it', () => one.log.length === 1);
  one.health.delete(2);
  await eventually('back', () => one.log.length === 2);
  expect(one.log).toEqual(['1', '1 2']);
});

it('leaves a gateway on that is gone: Nginx passes it over by itself', async () => {
  await using one = scripted(3);
  one.health.set(1, 'gone');
  one.health.set(2, 'not-ready');
  await eventually('past the other', () => one.log.length === 1);
  expect(one.log).toEqual(['1 3']);
});

it('leads to all when none is ready', async () => {
  await using one = scripted();
  one.health.set(2, 'not-ready');
  await eventually('past it', () => one.log.length === 1);
  one.health.set(1, 'not-ready');
  await eventually('to all', () => one.log.length === 2);
  expect(one.log).toEqual(['1', '1 2']);
});
