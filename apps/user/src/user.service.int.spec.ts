import { randomBytes } from 'node:crypto';
import { hash as bcryptHash } from '@node-rs/bcrypt';
import { ACCESS_TOKEN_SECONDS } from '@souk/auth';
import { AppError, Credentials, errorTable, Registration, type Revocation, Session } from '@souk/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, startUsers, userEnv, type UserRig } from './testing/user-rig.ts';

let rig: UserRig;
beforeAll(async () => {
  rig = await startUsers();
});
afterAll(() => rig[Symbol.asyncDispose]());

let accounts = 0;
const newAccount = () => ({ email: `user${(accounts += 1)}@test.com`, password: 'pass123', name: 'Test User' });
const registered = async () => {
  const account = newAccount();
  return { ...account, session: await rig.service.register(account) };
};

describe('register', () => {
  it('creates a customer and logs them in', async () => {
    const { email, session } = await registered();
    expect(session).toEqual({
      user: { id: expect.stringMatching(/^[0-9a-f]{24}$/), email, name: 'Test User', role: 'customer' },
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      refreshToken: expect.stringMatching(/^[\w-]{43}$/),
      expiresIn: ACCESS_TOKEN_SECONDS,
    });
    expect(Session.safeParse(session).success).toBe(true);
  });

  it('signs an access token for the account and its session', async () => {
    const { email, session } = await registered();
    const claims = JSON.parse(Buffer.from(session.accessToken.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ sub: session.user.id, email, role: 'customer', iss: 'souk', aud: 'souk-api' });
    expect(await rig.storedSessions.findOne({ _id: claims.sid })).toMatchObject({ userId: session.user.id });
  });

  it('refuses an e-mail that is taken, and leaves the account as it was', async () => {
    const { session, ...account } = await registered();
    const again = rig.service.register({ ...account, password: 'other123', name: 'Other' });
    await expect(again).rejects.toMatchObject({ code: 'EMAIL_TAKEN' });
    expect((await rig.service.login(account)).user).toEqual(session.user);
  });

  it('lets one of 50 that register one e-mail at once win, and tells the others why not', async () => {
    const account = newAccount();
    const codes = await Promise.all(
      Array.from({ length: 50 }, (_, i) => codeOf(rig.service.register({ ...account, name: `User ${i}` }))),
    );
    expect(codes.toSorted()).toEqual([...Array.from({ length: 49 }, () => 'EMAIL_TAKEN'), 'ok']);
    expect(await rig.storedUsers.countDocuments({ email: account.email })).toBe(1);
  });

  it('takes spellings of one e-mail that differ in case and space for one account', async () => {
    const account = Registration.parse({ email: '  Jane.Doe@Test.COM ', password: 'pass123', name: 'Jane' });
    await rig.service.register(account);
    for (const email of ['jane.doe@test.com', 'JANE.DOE@TEST.COM', '\tjane.doe@Test.com\n']) {
      expect(await codeOf(rig.service.register(Registration.parse({ ...account, email })))).toBe('EMAIL_TAKEN');
      const login = await rig.service.login(Credentials.parse({ email, password: 'pass123' }));
      expect(login.user.email).toBe('jane.doe@test.com');
    }
  });

  it('names the password when it is too short, and creates nothing', async () => {
    const account = { ...newAccount(), password: 'pass1' };
    await expect(rig.service.register(account)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      details: { errors: [{ field: 'password', message: 'Use at least 6 characters.' }] },
    });
    expect(await rig.storedUsers.countDocuments({ email: account.email })).toBe(0);
  });

  it('takes the shortest password from the environment', async () => {
    await using strict = await startUsers(userEnv({ PASSWORD_MIN_LENGTH: '8' }));
    expect(await codeOf(strict.service.register(newAccount()))).toBe('VALIDATION_FAILED');
    expect(await codeOf(strict.service.register({ ...newAccount(), password: 'pass1234' }))).toBe('ok');
  });

  it('stores the password as an argon2id hash and nothing of it in the clear', async () => {
    const { email } = await registered();
    const stored = await rig.storedUsers.findOne({ email });
    expect(stored?.['passwordHash']).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(stored)).not.toContain('pass123');
  });
});

const refusalOf = (credentials: { email: string; password: string }) =>
  rig.service.login(credentials).catch((error: unknown) => (error instanceof AppError ? error.toBody() : error));

describe('login', () => {
  it('answers the account and a session of its own each time', async () => {
    const { session, ...account } = await registered();
    const [one, two] = [await rig.service.login(account), await rig.service.login(account)];
    expect([one.user, two.user]).toEqual([session.user, session.user]);
    expect(new Set([session, one, two].map(({ refreshToken }) => refreshToken)).size).toBe(3);
  });

  it('refuses a wrong password and an unknown e-mail with the same words', async () => {
    const { email } = await registered();
    const wrong = await refusalOf({ email, password: 'pass124' });
    expect(wrong).toEqual({ code: 'INVALID_CREDENTIALS', message: errorTable.INVALID_CREDENTIALS.title });
    expect(await refusalOf({ email: 'nobody@test.com', password: 'pass123' })).toEqual(wrong);
  });
});

const claimsOf = ({ accessToken }: Session) =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());
const refreshOf = ({ refreshToken }: Session) => codeOf(rig.service.refresh({ refreshToken }));

/** Every revocation in force, as a gateway reads them. */
async function written(): Promise<Revocation[]> {
  const items: Revocation[] = [];
  let after: string | undefined;
  do {
    const page = await rig.service.listRevocations({ after });
    items.push(...page.items);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return items;
}

describe('logout', () => {
  it('ends the session, writes that down and tells it, and may be repeated', async () => {
    const { session, ...account } = await registered();
    const other = await rig.service.login(account);
    const { sid } = claimsOf(session);
    const userId = session.user.id;
    for (const _ of [1, 2]) await rig.service.logout({ userId, sid });
    expect([await refreshOf(session), await refreshOf(other)]).toEqual(['UNAUTHENTICATED', 'ok']);
    const revocation = { of: 'session', sid, until: expect.any(String) };
    expect((await written()).filter((each) => each.of === 'session' && each.sid === sid)).toEqual([revocation]);
    expect(rig.revoked).toContainEqual(revocation);
  });

  it('does nothing to the session of somebody else', async () => {
    const [{ session }, { session: stranger }] = [await registered(), await registered()];
    await rig.service.logout({ userId: stranger.user.id, sid: claimsOf(session).sid });
    expect(await refreshOf(session)).toBe('ok');
    expect(rig.revoked).not.toContainEqual(expect.objectContaining({ sid: claimsOf(session).sid }));
  });

  it('is remembered until the last access token of the session has expired', async () => {
    const { session } = await registered();
    const { sid, exp } = claimsOf(session);
    await rig.service.logout({ userId: session.user.id, sid });
    const revocation = (await written()).find((each) => each.of === 'session' && each.sid === sid);
    expect(Date.parse(revocation?.until ?? '')).toBeGreaterThanOrEqual(exp * 1_000);
  });

  it('everywhere ends all sessions there are, and none that begins afterwards', async () => {
    const { session, ...account } = await registered();
    const other = await rig.service.login(account);
    await rig.service.logoutAll({ userId: session.user.id });
    const later = await rig.service.login(account);
    const codes = await Promise.all([session, other, later].map(refreshOf));
    expect(codes).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED', 'ok']);
    const revocation = rig.revoked.find((each) => each.of === 'user' && each.userId === session.user.id);
    const notBefore = Date.parse(revocation?.of === 'user' ? revocation.notBefore : '') / 1_000;
    expect(claimsOf(other).auth_time).toBeLessThan(notBefore);
    expect(claimsOf(later).auth_time).toBeGreaterThanOrEqual(notBefore);
    expect(await written()).toContainEqual(revocation);
  });

  it('everywhere does not know an account that does not exist', async () => {
    expect(await codeOf(rig.service.logoutAll({ userId: randomBytes(12).toString('hex') }))).toBe('USER_NOT_FOUND');
  });
});

describe('a changed password', () => {
  const change = (session: Session, currentPassword: string, newPassword: string) =>
    rig.service.changePassword({ userId: session.user.id, currentPassword, newPassword });

  it('is the only one that is good, and its session the only one', async () => {
    const { session, ...account } = await registered();
    const changed = await change(session, account.password, 'other456');
    expect(changed.user).toEqual(session.user);
    expect([await refreshOf(session), await refreshOf(changed)]).toEqual(['UNAUTHENTICATED', 'ok']);
    expect(await codeOf(rig.service.login(account))).toBe('INVALID_CREDENTIALS');
    expect(await codeOf(rig.service.login({ ...account, password: 'other456' }))).toBe('ok');
    const revocation = rig.revoked.find((each) => each.of === 'user' && each.userId === session.user.id);
    const notBefore = Date.parse(revocation?.of === 'user' ? revocation.notBefore : '') / 1_000;
    expect(claimsOf(session).auth_time).toBeLessThan(notBefore);
    expect(claimsOf(changed).auth_time).toBeGreaterThanOrEqual(notBefore);
  });

  it('needs the current one, and length', async () => {
    const { session, password } = await registered();
    expect(await codeOf(change(session, 'pass124', 'other456'))).toBe('INVALID_CREDENTIALS');
    expect(await codeOf(change(session, password, 'short'))).toBe('VALIDATION_FAILED');
    expect(await refreshOf(session)).toBe('ok');
  });

  it('ends a session that was begun with the old one while it was changed', async () => {
    const { session, password } = await registered();
    const late = await rig.sessions.open(session.user.id, new Date());
    await change(session, password, 'other456');
    expect(await codeOf(rig.service.refresh(late))).toBe('UNAUTHENTICATED');
  });

  it('is changed by one of two that change it at once', async () => {
    const { session, password } = await registered();
    const codes = await Promise.all(['other456', 'other789'].map((next) => codeOf(change(session, password, next))));
    expect(codes.toSorted()).toEqual(['INVALID_CREDENTIALS', 'ok']);
  });
});

describe('revocations', () => {
  it('are read in pages, all of those in force and none that has run out', async () => {
    const stored = Array.from({ length: 1_201 }, (_, i) => {
      const sid = `ffff${i.toString(16).padStart(20, '0')}`;
      return { _id: `session:${sid}`, sid, until: new Date(Date.now() + (i === 7 ? -1 : 60_000)) };
    });
    await rig.storedRevocations.insertMany(stored as never);
    const sids = (await written()).flatMap((each) => (each.of === 'session' ? [each.sid] : []));
    const wanted = stored.filter((_, i) => i !== 7).map(({ sid }) => sid);
    expect(sids.filter((sid) => sid.startsWith('ffff'))).toEqual(wanted.toSorted());
  });
});

describe('an account of the system that was before', () => {
  it('logs in with its bcrypt hash, which is an argon2id hash afterwards', async () => {
    const { session, ...account } = await registered();
    const { email } = account;
    const old = await bcryptHash(account.password, { cost: 4 });
    await rig.storedUsers.updateOne({ email }, { $set: { passwordHash: old } });
    expect(await codeOf(rig.service.login({ email, password: 'pass124' }))).toBe('INVALID_CREDENTIALS');
    expect(await rig.storedUsers.findOne({ email })).toMatchObject({ passwordHash: old });
    expect((await rig.service.login(account)).user).toEqual(session.user);
    const renewed = await rig.storedUsers.findOne({ email });
    expect(renewed?.['passwordHash']).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await rig.service.login(account)).user).toEqual(session.user);
    expect(await rig.storedUsers.findOne({ email })).toEqual(renewed);
  });
});

describe('get', () => {
  it('answers the account by its id, and nothing of its password', async () => {
    const { session } = await registered();
    expect(await rig.service.get({ userId: session.user.id })).toEqual(session.user);
  });

  it('does not know an account that does not exist', async () => {
    expect(await codeOf(rig.service.get({ userId: randomBytes(12).toString('hex') }))).toBe('USER_NOT_FOUND');
  });
});

describe('the user repository', () => {
  it('hands a hash out by one method alone', async () => {
    const { email, session } = await registered();
    const reads = [await rig.repository.findById(session.user.id), await rig.repository.findByEmail(email)];
    expect(reads).toEqual([session.user, session.user]);
    expect(await rig.repository.findCredentials(email)).toEqual({
      user: session.user,
      passwordHash: expect.stringContaining('$argon2id$'),
    });
  });

  it('has built its indexes: e-mail is unique, sessions end by themselves', async () => {
    expect(await rig.storedUsers.indexes()).toContainEqual(
      expect.objectContaining({ key: { email: 1 }, unique: true }),
    );
    expect(await rig.storedSessions.indexes()).toContainEqual(
      expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }),
    );
  });
});
