import { apps, services } from '@souk/contracts';
import { describe, expect, it } from 'vitest';
import { drawAccess, urlAs } from './access.ts';
import { APP } from './apps.ts';
import { natsConfiguration } from './nats-configuration.ts';
import { redisUsers } from './redis-users.ts';

describe('the users of the backing services', () => {
  it('are the operator and the apps that need the service, each with a password of its own', () => {
    const access = drawAccess('kept');
    expect([...access.nats.keys()]).toEqual(['operator', ...apps]);
    expect([...access.redis.keys()]).toEqual(['operator', 'gateway']);
    expect([...access.mongo.keys()]).toEqual([
      'operator',
      ...services.filter((name) => APP[name].backing.includes('mongo')),
    ]);
    const passwords = Object.values(access).flatMap((users) => Array.from(users.values()));
    expect(new Set(passwords).size).toBe(passwords.length);
    expect(access.mongo.get('operator')).toBe('kept');
  });

  it('have other passwords in the next run', () => {
    expect(drawAccess('').nats.get('gateway')).not.toBe(drawAccess('').nats.get('gateway'));
  });

  it('come in by a URL, which nobody else has', () => {
    expect(urlAs('redis://h:1', 'gateway', new Map([['gateway', 'pw']]))).toBe('redis://gateway:pw@h:1');
    expect(() => urlAs('redis://h:1', 'order', new Map())).toThrow(/order is no user/);
  });

  it('are all that a Redis knows', () => {
    const lines = redisUsers(new Map([['gateway', 'pw']])).split('\n');
    expect(lines[0]).toBe('user default off');
    expect(lines[1]).toMatch(/^user gateway on >pw ~souk:\* .*-@dangerous/);
  });

  it('may do on the bus what the contracts say', () => {
    const text = natsConfiguration('h:1', 'h:2', new Map([['user', 'pw']]));
    expect(text).toContain('"user.login user"');
    expect(text).toContain('"password": "pw"');
    expect(text).not.toContain('order.place');
  });
});
