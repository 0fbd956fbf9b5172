import { randomUUID } from 'node:crypto';
import { connect, type NatsConnection, PermissionViolationError, RequestError } from '@nats-io/transport-node';
import { allContracts, apps, busPermissions, inboxOf, programs, services } from '@souk/contracts';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { afterAll, describe, expect, it } from 'vitest';
import { APP } from '../apps.ts';
import { natsOptions } from '../nats-options.ts';
import { commandLineOf, environmentOf, listeningOn, LOOPBACK } from './processes.ts';
import { processes, stack } from './shop.ts';

type App = (typeof apps)[number];

/** The passwords and keys in a variable. */
function secretIn(name: string, value: string): string[] {
  if (/SECRET|PASSWORD/.test(name)) return [value];
  return name.endsWith('_URL') ? [new URL(value).password].filter(Boolean) : [];
}

const urlOf = (app: App, variable: string): string => environmentOf(app)[variable] ?? '';
const closing = new AsyncDisposableStack();
afterAll(() => closing.disposeAsync());

async function onBus(app: App): Promise<NatsConnection> {
  const nats = await connect({ ...natsOptions(urlOf(app, 'NATS_URL')), inboxPrefix: inboxOf(app), reconnect: false });
  closing.defer(() => nats.close());
  return nats;
}

/** `refused`, or whatever else happened to a message with an empty body. */
async function ask(nats: NatsConnection, subject: string): Promise<string> {
  try {
    await nats.request(subject, '{"not":"valid"}', { timeout: 2_000 });
    return 'answered';
  } catch (error) {
    const cause = error instanceof RequestError ? error.cause : error;
    return cause instanceof PermissionViolationError ? 'refused' : String(cause);
  }
}

/** Resolves to `refused` when the server does not let it listen, to `heard` once it has heard something. */
async function listen(nats: NatsConnection, subject: string, queue?: string): Promise<string> {
  const subscription = nats.subscribe(subject, queue === undefined ? {} : { queue });
  const refused = new Promise<string>((resolve) => {
    void subscription.closed.then((error) => resolve(error instanceof Error ? 'refused' : 'closed'));
  });
  await nats.flush();
  const outcome = await Promise.race([refused, nats.flush().then(() => 'listening')]);
  subscription.unsubscribe();
  return outcome;
}

describe('NATS', () => {
  it('lets nobody in who is not known', async () => {
    const { servers } = natsOptions(stack.NATS_URL);
    for (const credentials of [{}, { user: 'gateway', pass: 'guess' }, { user: 'admin', pass: '' }]) {
      const attempt = connect({ servers: servers ?? [], ...credentials, reconnect: false });
      await expect(attempt).rejects.toThrow(/authorization/i);
    }
  });

  it.each(apps)('lets the %s call what is its to call, and nothing else', async (app) => {
    const nats = await onBus(app);
    const { publish } = busPermissions(app);
    for (const { subject } of allContracts) {
      expect([subject, await ask(nats, subject)]).toEqual([
        subject,
        publish.includes(subject) ? 'answered' : 'refused',
      ]);
    }
  });

  it.each(apps)('lets the %s hear nothing that is not for it', async (app) => {
    const nats = await onBus(app);
    const others = programs.filter((program) => program !== app).map((program) => `${inboxOf(program)}.>`);
    const calls = allContracts.map(({ subject }) => subject);
    for (const subject of ['>', '_INBOX.>', ...others, ...calls, 'user.*']) {
      expect([subject, await listen(nats, subject)]).toEqual([subject, 'refused']);
    }
    const foreign = allContracts.filter(({ service }) => service !== app);
    for (const { subject, service } of foreign) {
      expect([subject, await listen(nats, subject, service)]).toEqual([subject, 'refused']);
    }
    expect(await listen(nats, `${inboxOf(app)}.>`)).toBe('listening');
  });

  it.each(apps)('lets the %s announce only what is its to announce', async (app) => {
    const nats = await onBus(app);
    const { publish } = busPermissions(app);
    const foreign = ['catalogue.changed', 'user.revoked', 'souk.anything'].filter((one) => !publish.includes(one));
    expect(foreign.length).toBeGreaterThan(1);
    for (const subject of foreign) expect([subject, await ask(nats, subject)]).toEqual([subject, 'refused']);
  });

  it('lets a service answer what it was asked, and no one who was not', async () => {
    const nats = await onBus('product');
    expect(await ask(nats, `${inboxOf('gateway')}.forged`)).toBe('refused');
  });

  it('lets the operator hear everything and call everything, and announce nothing', async () => {
    const nats = await connect(natsOptions(stack.NATS_URL));
    closing.defer(() => nats.close());
    expect(await listen(nats, '>')).toBe('listening');
    expect(await ask(nats, 'product.categories')).toBe('answered');
    expect(await ask(nats, 'catalogue.changed')).toBe('refused');
  });
});

describe('Redis', () => {
  const open = (url: string) => {
    const redis = new Redis(url, { lazyConnect: true, retryStrategy: null, enableReadyCheck: false });
    redis.on('error', () => undefined);
    closing.defer(() => redis.disconnect());
    return redis;
  };
  const said = (call: Promise<unknown>) => call.then(String, ({ message }: Error) => message.split(' ')[0]);

  it('answers nobody who is not known', async () => {
    const { hostname, port } = new URL(urlOf('gateway', 'REDIS_URL'));
    expect(await said(open(`redis://${hostname}:${port}`).get('souk:x'))).toBe('NOAUTH');
    expect(await said(open(`redis://gateway:guess@${hostname}:${port}`).get('souk:x'))).toMatch(/NOAUTH|WRONGPASS/);
  });

  it('gives the gateway its own keys, and nothing that is dangerous', async () => {
    const redis = open(urlOf('gateway', 'REDIS_URL'));
    const key = `souk:spec:${randomUUID()}`;
    expect(await said(redis.set(key, 'x', 'EX', 5))).toBe('OK');
    expect(await said(redis.get(key))).toBe('x');
    // What the cache really does: a script that asks for the time, on a key that begins with its hash slot.
    const script = "redis.call('TIME'); return redis.call('SET', KEYS[1], 'x', 'PX', 5000)";
    expect(await said(redis.eval(script, 1, `{souk:cache:spec}:${randomUUID()}`))).toBe('OK');
    for (const other of ['other', '{other:souk:}', 'other:souk:x']) expect(await said(redis.get(other))).toBe('NOPERM');
    const forbidden = [['flushall'], ['keys', '*'], ['config', 'get', '*'], ['acl', 'list'], ['monitor'], ['shutdown']];
    for (const [command = '', ...args] of forbidden) {
      expect([command, await said(redis.call(command, ...args))]).toEqual([command, 'NOPERM']);
    }
  });

  it('is known to no service but the gateway', () => {
    for (const app of services) expect(urlOf(app, 'REDIS_URL')).toBe('');
  });
});

describe('MongoDB', () => {
  const owners = services.filter((name) => APP[name].backing.includes('mongo'));
  const things = async (url: string, database: string, work: 'read' | 'write') => {
    const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000 });
    try {
      const collection = client.db(database).collection<{ _id: string }>('spec_things');
      if (work === 'read') await collection.findOne({});
      else await collection.insertOne({ _id: randomUUID() });
      return 'done';
    } catch (error) {
      return error instanceof Error && 'codeName' in error ? String(error.codeName) : String(error);
    } finally {
      await client.close();
    }
  };

  it('lets nobody in who is not known', async () => {
    const url = new URL(urlOf('order', 'MONGODB_URL'));
    url.password = 'guess';
    expect(await things(url.href, 'souk_order', 'read')).toBe('AuthenticationFailed');
    url.username = '';
    url.password = '';
    expect(await things(url.href, 'souk_order', 'read')).toBe('Unauthorized');
  });

  it.each(owners)('gives the %s service its own database and no other', async (service) => {
    const url = urlOf(service, 'MONGODB_URL');
    for (const database of [...owners.map((each) => `souk_${each}`), 'admin']) {
      const expected = database === `souk_${service}` ? 'done' : 'Unauthorized';
      for (const work of ['write', 'read'] as const) {
        expect([database, work, await things(url, database, work)]).toEqual([database, work, expected]);
      }
    }
  });

  it('is not known to the gateway', () => {
    expect(urlOf('gateway', 'MONGODB_URL')).toBe('');
  });
});

describe('the stack', () => {
  it('listens on the loopback alone', () => {
    for (const { name, pid } of processes()) {
      const addresses = listeningOn(pid);
      expect(addresses, name).not.toEqual([]);
      for (const address of addresses) expect([name, address]).toEqual([name, expect.stringMatching(LOOPBACK)]);
    }
  });

  it('tells each app the secrets it needs, and shows none of them on a command line', () => {
    const secrets = apps.flatMap((app) =>
      Object.entries(environmentOf(app)).flatMap(([name, value]) => secretIn(name, value)),
    );
    expect(secrets.length).toBeGreaterThan(8);
    for (const { pid, name } of processes()) {
      const line = commandLineOf(pid);
      for (const secret of secrets) expect(line.includes(secret), name).toBe(false);
    }
    for (const app of services.filter((name) => name !== 'user'))
      expect(environmentOf(app)).not.toHaveProperty('JWT_SECRET');
  });
});
