import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { call, get, pidsOf, post, stack } from './shop.ts';

interface Session {
  accessToken: string;
  refreshToken: string;
}

const login = async (account: object): Promise<Session> => (await post('/api/auth/login', account)).body;

async function registered() {
  const account = { email: `${randomUUID()}@test.com`, password: 'pass123' };
  const { body } = await post('/api/auth/register', { ...account, name: 'Test User' });
  return { account, session: body as Session };
}

const profile = async ({ accessToken }: Session) => (await get('/api/auth/profile', { token: accessToken })).status;
const refresh = async ({ refreshToken }: Session) => (await post('/api/auth/refresh', { refreshToken })).status;
const leave = (path: string, { accessToken }: Session) => call('POST', path, { token: accessToken });

describe('a session', () => {
  it('that was logged out of is over at once, token and refresh token, and no other', async () => {
    const { account, session } = await registered();
    const other = await login(account);
    expect((await leave('/api/auth/logout', session)).status).toBe(204);
    expect([await profile(session), await refresh(session)]).toEqual([401, 401]);
    expect([await profile(other), await refresh(other)]).toEqual([200, 200]);
    expect((await leave('/api/auth/logout', session)).status).toBe(401);
  });

  it('is over with all others after a logout everywhere, and a new one is not', async () => {
    const { account, session } = await registered();
    const other = await login(account);
    expect((await leave('/api/auth/logout-all', other)).status).toBe(204);
    const later = await login(account);
    for (const each of [session, other]) expect([await profile(each), await refresh(each)]).toEqual([401, 401]);
    expect([await profile(later), await refresh(later)]).toEqual([200, 200]);
  });

  it('is over when the password is changed, the new one is not, and the old password is good no more', async () => {
    const { account, session } = await registered();
    const passwords = { currentPassword: account.password, newPassword: 'other456' };
    const changed = await post('/api/auth/password', passwords, { token: session.accessToken });
    expect(changed.status).toBe(200);
    expect([await profile(session), await refresh(session)]).toEqual([401, 401]);
    expect([await profile(changed.body), await refresh(changed.body)]).toEqual([200, 200]);
    expect((await post('/api/auth/login', account)).status).toBe(401);
    expect((await post('/api/auth/login', { ...account, password: 'other456' })).status).toBe(200);
  });

  it('keeps its password when the current one is not known', async () => {
    const { account, session } = await registered();
    const passwords = { currentPassword: 'pass124', newPassword: 'other456' };
    const refused = await post('/api/auth/password', passwords, { token: session.accessToken });
    expect([refused.status, refused.body.code]).toEqual([401, 'INVALID_CREDENTIALS']);
    expect((await post('/api/auth/login', account)).status).toBe(200);
  });

  it('that was logged out of stays so when the gateway is killed and comes back', { timeout: 60_000 }, async () => {
    const { account, session } = await registered();
    const other = await login(account);
    await leave('/api/auth/logout', session);
    const before = pidsOf('gateway');
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(pidsOf('gateway')).not.toEqual(before), 20_000);
    await vi.waitFor(async () => {
      const answer = await get('/api/auth/profile', { token: other.accessToken, base: stack.GATEWAY_URL });
      expect(answer.status).toBe(200);
    }, 20_000);
    expect([await profile(session), await profile(other)]).toEqual([401, 200]);
  });
});
