import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawToken } from './refresh-token.ts';
import { REPEAT_WINDOW_MS, SESSION_LIFE_MS } from './session.policy.ts';
import { codeOf, jwtSecret, startUsers, userEnv, type UserRig } from './testing/user-rig.ts';

const start = new Date();
const after = (ms: number) => new Date(start.getTime() + ms);
const drawId = () => randomBytes(12).toString('hex');

let rig: UserRig;
beforeAll(async () => {
  rig = await startUsers();
});
afterAll(() => rig[Symbol.asyncDispose]());

const open = () => rig.sessions.open(drawId(), start);
const renew = async (token: string, at: Date) => (await rig.sessions.renew(token, at)).refreshToken;
const stored = (id: string) => rig.storedSessions.findOne({ _id: id as never });

describe('renewing a session', () => {
  it('gives a new token for each one used, for the same session and account', async () => {
    const { sid, userId, since, refreshToken } = await open();
    const one = await rig.sessions.renew(refreshToken, after(1_000));
    const two = await rig.sessions.renew(one.refreshToken, after(2_000));
    expect([one, two]).toEqual([
      { sid, userId, since, refreshToken: expect.stringMatching(/^[\w-]{43}$/) },
      { sid, userId, since, refreshToken: expect.stringMatching(/^[\w-]{43}$/) },
    ]);
    expect(new Set([refreshToken, one.refreshToken, two.refreshToken]).size).toBe(3);
  });

  it('gives the same token again for 10 s, for an answer that was lost', async () => {
    const { refreshToken } = await open();
    const successor = await renew(refreshToken, start);
    expect(await renew(refreshToken, after(1))).toBe(successor);
    expect(await renew(refreshToken, after(REPEAT_WINDOW_MS))).toBe(successor);
    expect(await codeOf(renew(successor, after(REPEAT_WINDOW_MS + 1)))).toBe('ok');
  });

  it('does not extend the 10 s by asking again', async () => {
    const { refreshToken } = await open();
    await renew(refreshToken, start);
    await renew(refreshToken, after(REPEAT_WINDOW_MS - 1));
    expect(await codeOf(renew(refreshToken, after(REPEAT_WINDOW_MS + 1)))).toBe('UNAUTHENTICATED');
  });

  it('revokes the session when a spent token comes back later, so that thief and owner both log in again', async () => {
    const { sid, refreshToken } = await open();
    const successor = await renew(refreshToken, start);
    const late = after(REPEAT_WINDOW_MS + 1);
    expect(await codeOf(renew(refreshToken, late))).toBe('UNAUTHENTICATED');
    expect(await codeOf(renew(successor, late))).toBe('UNAUTHENTICATED');
    expect(await stored(sid)).toMatchObject({ revokedAt: late });
    expect(rig.revoked).toContainEqual(expect.objectContaining({ of: 'session', sid }));
  });

  it('revokes it for a token that is several uses old, even at once', async () => {
    const { refreshToken } = await open();
    const thief = await renew(await renew(refreshToken, start), start);
    expect(await codeOf(renew(refreshToken, start))).toBe('UNAUTHENTICATED');
    expect(await codeOf(renew(thief, start))).toBe('UNAUTHENTICATED');
  });

  it('leaves the other sessions of the account alone', async () => {
    const [stolen, other] = [await open(), await open()];
    await renew(stolen.refreshToken, start);
    await codeOf(renew(stolen.refreshToken, after(REPEAT_WINDOW_MS + 1)));
    expect(await codeOf(renew(other.refreshToken, after(REPEAT_WINDOW_MS + 1)))).toBe('ok');
  });

  it('gives 20 that use one token at once the same successor, of one session', async () => {
    const { sid, refreshToken } = await open();
    const answers = await Promise.all(Array.from({ length: 20 }, () => rig.sessions.renew(refreshToken, start)));
    expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(answers[0]?.sid).toBe(sid);
    expect(await codeOf(renew(answers[0]?.refreshToken ?? '', after(REPEAT_WINDOW_MS + 1)))).toBe('ok');
  });

  it('ends 30 days after the login, however often it was renewed', async () => {
    const { refreshToken } = await open();
    const successor = await renew(refreshToken, after(SESSION_LIFE_MS - 1));
    expect(await codeOf(renew(successor, after(SESSION_LIFE_MS)))).toBe('UNAUTHENTICATED');
  });

  it('refuses a token that nobody was given, and minds no session for it', async () => {
    expect(await codeOf(renew(drawToken(), start))).toBe('UNAUTHENTICATED');
  });

  it('refuses a token made up by who knows the id of a session, and minds no session for it', async () => {
    const { sid, refreshToken } = await open();
    const forged = Buffer.concat([Buffer.from(sid, 'hex'), randomBytes(20)]).toString('base64url');
    expect(await codeOf(renew(forged, start))).toBe('UNAUTHENTICATED');
    expect(await codeOf(renew(refreshToken, start))).toBe('ok');
  });

  it('keeps no token that could be used by who reads the store', async () => {
    const { sid, refreshToken } = await open();
    const successor = await renew(refreshToken, start);
    const document = JSON.stringify(await stored(sid));
    for (const token of [refreshToken, successor]) {
      const bytes = Buffer.from(token, 'base64url');
      for (const half of [bytes.subarray(0, 16), bytes.subarray(16)]) {
        expect(document).not.toContain(half.toString('hex'));
        expect(document).not.toContain(half.toString('base64url'));
      }
    }
  });
});

describe('changed keys', () => {
  it('give a lost answer again that was made with the old ones', async () => {
    const { refreshToken } = await open();
    const successor = await renew(refreshToken, start);
    await using changed = await startUsers({
      ...userEnv({ JWT_SECRET: 'another secret of thirty-two bytes', JWT_ACCEPTED_SECRETS: jwtSecret }),
      MONGODB_URL: rig.env.MONGODB_URL,
    });
    expect((await changed.sessions.renew(refreshToken, after(1))).refreshToken).toBe(successor);
    expect(await codeOf(changed.sessions.renew(successor, after(2)))).toBe('ok');
  });
});

describe('refresh', () => {
  it('answers the account as it is now, with a new access token of the same session', async () => {
    const { user, refreshToken } = await rig.service.register({ email: 'a@test.com', password: 'pass123', name: 'A' });
    await rig.storedUsers.updateOne({ _id: user.id as never }, { $set: { role: 'admin' } });
    const session = await rig.service.refresh({ refreshToken });
    expect(session.user).toEqual({ ...user, role: 'admin' });
    const claims = JSON.parse(Buffer.from(session.accessToken.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ sub: user.id, role: 'admin' });
    expect(await stored(claims.sid)).toMatchObject({ userId: user.id });
  });

  it('refuses when the account is gone', async () => {
    const { refreshToken } = await open();
    expect(await codeOf(rig.service.refresh({ refreshToken }))).toBe('UNAUTHENTICATED');
  });
});
