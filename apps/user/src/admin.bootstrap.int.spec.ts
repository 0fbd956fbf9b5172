import { describe, expect, it } from 'vitest';
import { codeOf, startUsers, userEnv } from './testing/user-rig.ts';

const credentials = { email: 'admin@test.com', password: 'admin123' };
const adminEnv = () => userEnv({ ADMIN_EMAIL: credentials.email, ADMIN_PASSWORD: credentials.password });

describe('the first admin', () => {
  it('is there after the start, and logs in as admin', async () => {
    await using rig = await startUsers(adminEnv());
    expect((await rig.service.login(credentials)).user).toMatchObject({ email: credentials.email, role: 'admin' });
  });

  it('is created once, however many replicas start at once and again', async () => {
    const env = adminEnv();
    const replicas = await Promise.all([startUsers(env), startUsers(env)]);
    for (const replica of replicas) await replica[Symbol.asyncDispose]();
    await using rig = await startUsers(env);
    expect(await rig.storedUsers.countDocuments({})).toBe(1);
    expect(await codeOf(rig.service.login(credentials))).toBe('ok');
  });

  it('keeps the password it has when the environment has another', async () => {
    const env = adminEnv();
    await (await startUsers(env))[Symbol.asyncDispose]();
    await using rig = await startUsers({ ...env, ADMIN_PASSWORD: 'changed123' });
    expect(await codeOf(rig.service.login(credentials))).toBe('ok');
    expect(await codeOf(rig.service.login({ ...credentials, password: 'changed123' }))).toBe('INVALID_CREDENTIALS');
  });

  it('is nobody who registered the e-mail before', async () => {
    const env = adminEnv();
    await using before = await startUsers({ ...env, ADMIN_EMAIL: undefined, ADMIN_PASSWORD: undefined });
    await before.service.register({ ...credentials, name: 'Squatter' });
    await using rig = await startUsers(env);
    expect((await rig.service.login(credentials)).user.role).toBe('customer');
  });

  it('does not exist where nobody named one', async () => {
    await using rig = await startUsers();
    expect(await rig.storedUsers.countDocuments({})).toBe(0);
  });
});
