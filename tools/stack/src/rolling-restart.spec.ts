import { expect, it } from 'vitest';
import type { Address } from './nginx.ts';
import { RollingRestart, UnknownProcess } from './rolling-restart.ts';

const plan = (name: string, replica: number) => ({
  name,
  replica,
  command: '',
  args: [],
  env: {},
  url: '',
  log: '',
  ready: async () => true,
  bootMs: 0,
});

/** A stack whose processes only note that they were restarted. */
function scripted(names: string[], { failing = '', front = true } = {}) {
  const log: string[] = [];
  const processes = names.map((label, index) => {
    const [name = '', replica = '1'] = label.split('-');
    const restart = async () => {
      log.push(`${label} goes`);
      await Promise.resolve();
      if (label === failing) throw new Error(`${label} did not get ready`);
      log.push(`${label} is back`);
    };
    return { plan: plan(name, Number(replica)), pid: index + 1, label, restart };
  });
  const gateways = processes
    .filter(({ plan: { name } }) => name === 'gateway')
    .map(({ pid }) => ({ host: '', port: pid }));
  const leadTo = async (to: readonly Address[]) => void log.push(`Nginx: ${to.map(({ port }) => port).join(' ')}`);
  const rolling = new RollingRestart(
    () => processes,
    gateways,
    front ? { leadTo } : undefined,
    () => undefined,
  );
  return { rolling, log };
}

it('restarts one replica after the other', async () => {
  const { rolling, log } = scripted(['user-1', 'user-2', 'order-1']);
  expect(await rolling.restart('user')).toMatchObject([{ replica: 1 }, { replica: 2, pid: 2 }]);
  expect(log).toEqual(['user-1 goes', 'user-1 is back', 'user-2 goes', 'user-2 is back']);
});

it('restarts only the replica asked for', async () => {
  const { rolling, log } = scripted(['user-1', 'user-2']);
  await rolling.restart('user', 2);
  expect(log).toEqual(['user-2 goes', 'user-2 is back']);
});

it('sends nobody to a gateway that is about to go', async () => {
  const { rolling, log } = scripted(['gateway-1', 'gateway-2']);
  await rolling.restart('gateway', 2);
  expect(log).toEqual(['Nginx: 1', 'gateway-2 goes', 'gateway-2 is back', 'Nginx: 1 2']);
});

it('puts a gateway back that did not get ready: its keeper goes on trying', async () => {
  const { rolling, log } = scripted(['gateway-1', 'gateway-2'], { failing: 'gateway-1' });
  await expect(rolling.restart('gateway')).rejects.toThrow('gateway-1 did not get ready');
  expect(log).toEqual(['Nginx: 2', 'gateway-1 goes', 'Nginx: 1 2']);
});

it.each([
  { names: ['gateway-1'], front: true },
  { names: ['gateway-1', 'gateway-2'], front: false },
])('just restarts a gateway where there is nowhere to lead callers: $names', async ({ names, front }) => {
  const { rolling, log } = scripted(names, { front });
  await rolling.restart('gateway', 1);
  expect(log).toEqual(['gateway-1 goes', 'gateway-1 is back']);
});

it('does one thing at a time, whoever asks, and goes on after a failure', async () => {
  const { rolling, log } = scripted(['user-1', 'order-1'], { failing: 'user-1' });
  const [user] = await Promise.allSettled([rolling.restart('user'), rolling.restart('order')]);
  expect(user.status).toBe('rejected');
  expect(log).toEqual(['user-1 goes', 'order-1 goes', 'order-1 is back']);
});

it('says what there is when asked for what is not', async () => {
  const { rolling } = scripted(['user-1', 'order-1']);
  await expect(rolling.restart('user', 2)).rejects.toThrow(
    new UnknownProcess('There is no user-2 here, but user-1, order-1.'),
  );
});
