import { parseEnv } from '@souk/platform';
import { describe, expect, it } from 'vitest';
import { UserEnv } from './env.ts';
import { isLongEnough } from './password.policy.ts';

const good = { MONGODB_URL: 'mongodb://127.0.0.1/user', JWT_SECRET: 'a secret of thirty-two bytes or more' };
const admin = { ADMIN_EMAIL: ' Admin@Test.com', ADMIN_PASSWORD: 'admin123' };
const start = (variables: Record<string, string>) => () => parseEnv(UserEnv, { ...good, ...variables });

describe('the environment of the user service', () => {
  it('needs a store and a secret, and has defaults for the rest', () => {
    expect(start({})()).toMatchObject({ PORT: 3001, HOST: '127.0.0.1', PASSWORD_MIN_LENGTH: 6 });
  });

  it('reads the e-mail of the first admin as the contracts read any', () => {
    expect(start(admin)()).toMatchObject({ ADMIN_EMAIL: 'admin@test.com', ADMIN_PASSWORD: 'admin123' });
  });

  it.each([
    ['MONGODB_URL', { MONGODB_URL: 'postgres://x' }],
    ['JWT_SECRET', { JWT_SECRET: 'short' }],
    ['PASSWORD_MIN_LENGTH', { PASSWORD_MIN_LENGTH: '0' }],
    ['PASSWORD_MIN_LENGTH', { PASSWORD_MIN_LENGTH: 'six' }],
    ['ADMIN_EMAIL', { ...admin, ADMIN_EMAIL: 'admin' }],
    ['ADMIN_EMAIL', { ADMIN_PASSWORD: 'admin123' }],
    ['ADMIN_PASSWORD', { ADMIN_EMAIL: 'admin@test.com' }],
    ['ADMIN_PASSWORD', { ADMIN_EMAIL: 'admin@test.com', ADMIN_PASSWORD: '' }],
    ['ADMIN_PASSWORD', { ...admin, PASSWORD_MIN_LENGTH: '9' }],
  ])('stops the start and names %s when it is %j', (name, variables: Record<string, string>) => {
    expect(start(variables)).toThrow(new RegExp(`^Cannot start.*\\n  ${name}: [^\\n]+$`));
    expect(start(variables)).not.toThrow(/admin123/);
  });
});

describe('the length of a password', () => {
  it.each([
    ['pass12', true],
    ['pass1', false],
    ['🔑🔑🔑🔑🔑🔑', true],
    ['🔑🔑🔑', false],
  ])('counts %j in characters', (password, enough) => {
    expect(isLongEnough(password, 6)).toBe(enough);
  });
});
