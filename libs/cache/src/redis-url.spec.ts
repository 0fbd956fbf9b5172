import { describe, expect, it } from 'vitest';
import { REDIS_URL, sentinelOptions } from './redis-url.ts';

describe('the URL of a Redis', () => {
  it.each(['redis://127.0.0.1:6379', 'rediss://user:pass@host', 'redis+sentinel://a:1,b:2/souk'])(
    'may be %s',
    (url) => {
      expect(url).toMatch(REDIS_URL);
    },
  );

  it.each(['localhost', 'http://host', 'redis://', 'sentinel://a/souk', 'redis+sentinel://one:1'])(
    'may not be %s',
    (url) => {
      expect(url).not.toMatch(REDIS_URL);
    },
  );
});

describe('the URL of Redis Sentinels', () => {
  it('names them, the master, and who one is there', () => {
    expect(sentinelOptions('redis+sentinel://gateway:a%40b@one:1,two,[::1]:3/souk')).toMatchObject({
      name: 'souk',
      username: 'gateway',
      password: 'a@b',
      sentinels: [
        { host: 'one', port: 1 },
        { host: 'two', port: 26_379 },
        { host: '::1', port: 3 },
      ],
    });
  });

  it('is spoken to over TLS where it says so, and by nobody in particular where it names nobody', () => {
    expect(sentinelOptions('rediss+sentinel://one:1/souk')).toMatchObject({ tls: {}, enableTLSForSentinelMode: true });
    expect(sentinelOptions('redis+sentinel://one:1/souk')).not.toHaveProperty('username');
  });

  it.each(['redis+sentinel://one:1', 'redis+sentinel://one:1/'])(
    'is refused without the name of the master: %s',
    (url) => {
      expect(() => sentinelOptions(url)).toThrow(/ends with the name/);
    },
  );
});
