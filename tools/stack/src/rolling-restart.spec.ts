import { expect, it } from 'vitest';
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
function scripted(names: string[], { failing = '' } = {}) {
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
  const rolling = new RollingRestart(
    () => processes,
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

it('leaves the others alone when one does not get ready', async () => {
  const { rolling, log } = scripted(['user-1', 'user-2'], { failing: 'user-1' });
  await expect(rolling.restart('user')).rejects.toThrow('user-1 did not get ready');
  expect(log).toEqual(['user-1 goes']);
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
