import { randomBytes } from 'node:crypto';
import { ACCESS_TOKEN_SECONDS } from '@souk/auth';
import { AppError, Credentials, errorTable, Registration, Session } from '@souk/contracts';
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
