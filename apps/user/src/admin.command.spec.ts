import { AppError, type User } from '@souk/contracts';
import { describe, expect, it } from 'vitest';
import type { AdminAccounts, NewAdmin } from './admin.accounts.ts';
import { AdminUsageError, parseAdminCommand, runAdminCommand } from './admin.command.ts';

const admin: User = { id: 'a'.repeat(24), email: 'a@b.co', name: 'Ada', role: 'admin' };
const notAsked = () => Promise.reject(new Error('nobody should have been asked'));

/** Accounts that answer one call as scripted and note what it was. */
function scripted(answer: User | AppError) {
  const calls: unknown[] = [];
  const act = (call: unknown) => {
    calls.push(call);
    return answer instanceof AppError ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const accounts: Pick<AdminAccounts, 'create' | 'promote'> = {
    create: (account: NewAdmin) => act({ create: account }),
    promote: (email: string) => act({ promote: email }),
  };
  return { accounts: accounts as AdminAccounts, calls };
}

const run = (line: string, answer: User | AppError, password: () => Promise<string> = notAsked) => {
  const { accounts, calls } = scripted(answer);
  return { calls, done: runAdminCommand(parseAdminCommand(line.split(' ')), accounts, password, 6) };
};

describe('admin:create', () => {
  it('creates an admin with the password it was given', async () => {
    const { calls, done } = run('--email A@B.co --name Ada', admin, async () => 'secret1');
    expect(await done).toEqual(admin);
    expect(calls).toEqual([{ create: { email: 'a@b.co', name: 'Ada', password: 'secret1' } }]);
  });

  it('makes an admin of an account that exists only where that is asked for', async () => {
    const { calls, done } = run('--email a@b.co --promote', admin);
    expect(await done).toEqual(admin);
    expect(calls).toEqual([{ promote: 'a@b.co' }]);
    const taken = run('--email a@b.co', new AppError('EMAIL_TAKEN'), async () => 'secret1');
    await expect(taken.done).rejects.toThrow('a@b.co has an account already: --promote');
  });

  it('says that there is nobody to promote', async () => {
    const { done } = run('--email a@b.co --promote', new AppError('USER_NOT_FOUND'));
    await expect(done).rejects.toThrow('a@b.co has no account');
  });

  it.each(['', 'short', 'x'.repeat(129)])('takes no password of a wrong length (%#)', async (password) => {
    const { calls, done } = run('--email a@b.co', admin, async () => password);
    await expect(done).rejects.toThrow('6 to 128 characters');
    expect(calls).toEqual([]);
  });

  it.each([[], ['--email', 'nobody'], ['--email', 'a@b.co', '--password', 'secret1'], ['a@b.co']])(
    'does not understand %j %j %j %j',
    (...args) => {
      expect(() => parseAdminCommand(args)).toThrow(AdminUsageError);
    },
  );
});
