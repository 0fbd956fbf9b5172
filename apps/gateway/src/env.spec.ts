import { parseEnv } from '@souk/platform';
import { describe, expect, it } from 'vitest';
import { GatewayEnv } from './env.ts';

const good = { JWT_SECRET: 'a secret of thirty-two bytes or more' };

describe('the gateway’s environment', () => {
  it('needs only a secret', () => {
    expect(parseEnv(GatewayEnv, good)).toMatchObject({ PORT: 3000, OPS_PORT: 3004, RATE_LIMIT_FACTOR: 1 });
  });

  it('takes REDIS_HOST where there is no REDIS_URL', () => {
    expect(parseEnv(GatewayEnv, { ...good, REDIS_HOST: 'cache' }).REDIS_URL).toBe('redis://cache:6379');
    expect(parseEnv(GatewayEnv, { ...good, REDIS_HOST: 'cache', REDIS_URL: 'redis://other:1' }).REDIS_URL).toBe(
      'redis://other:1',
    );
  });

  it.each([
    ['JWT_SECRET', {}],
    ['JWT_SECRET', { JWT_SECRET: 'short' }],
    ['PORT', { ...good, PORT: 'http' }],
    ['REDIS_URL', { ...good, REDIS_URL: 'localhost' }],
    ['RATE_LIMIT_FACTOR', { ...good, RATE_LIMIT_FACTOR: '0' }],
    ['RATE_LIMIT_FACTOR', { ...good, NODE_ENV: 'production', RATE_LIMIT_FACTOR: '1000' }],
    ['LOG_LEVEL', { ...good, LOG_LEVEL: 'loud' }],
  ])('names %s when it is wrong, and not its value', (name, variables) => {
    expect(() => parseEnv(GatewayEnv, variables)).toThrow(name);
    expect(() => parseEnv(GatewayEnv, variables)).not.toThrow(/short|loud/);
  });
});
