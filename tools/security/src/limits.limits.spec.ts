import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { get, pidsOf, processes, stack } from '@souk/stack/shop';
import { Neighbour } from './neighbour.ts';

const LOGINS_PER_ACCOUNT = 5;
const LOGINS_PER_ADDRESS = 20;
const REGISTRATIONS_PER_ADDRESS = 5;
const ORDERS_PER_USER = 120;

const gateways = () => processes().filter(({ name }) => name === 'gateway');
const email = () => `${randomUUID()}@test.com`;
const visitor = () => new Neighbour(stack.SHOP_URL);
/** Each from an address of its own, and each claiming to come from yet another one. */
const spoofed = (turn: number) => ({ 'x-forwarded-for': `203.0.113.${turn}`, forwarded: `for=198.51.100.${turn}` });

const times = async <T>(count: number, work: (turn: number) => Promise<T>): Promise<T[]> => {
  const results: T[] = [];
  for (let turn = 0; turn < count; turn++) results.push(await work(turn));
  return results;
};
const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status);

async function account() {
  const address = email();
  expect((await visitor().register(address)).status).toBe(201);
  return { email: address, password: 'pass123' };
}

const frozen: number[] = [];
afterEach(() => {
  for (const pid of frozen.splice(0)) process.kill(pid, 'SIGCONT');
});

describe('guessing one account’s password', () => {
  it('ends with the sixth guess in a minute, wherever it comes from, the right password too', async () => {
    const victim = await account();
    const guesses = await times(LOGINS_PER_ACCOUNT, (turn) =>
      visitor().login(victim.email, `guess${turn}`, spoofed(turn)),
    );
    expect(statuses(guesses)).toEqual(guesses.map(() => 401));
    const sixth = await visitor().login(victim.email.toUpperCase(), victim.password, spoofed(6));
    expect(sixth.status).toBe(429);
    expect(sixth.retryAfter).toBeGreaterThan(0);
    expect(sixth.retryAfter).toBeLessThanOrEqual(60);
    expect(sixth.body).toContain('RATE_LIMITED');
    expect((await visitor().login((await account()).email, 'pass123')).status).toBe(200);
  });

  it('is counted over all gateways', async () => {
    const victim = await account();
    const doors = gateways().map(({ url }) => new Neighbour(url));
    expect(doors).toHaveLength(2);
    const guesses = await times(LOGINS_PER_ACCOUNT + 1, async (turn) =>
      doors[turn % 2]?.login(victim.email, 'guess11'),
    );
    expect(guesses.map((answer) => answer?.status)).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('is not forgotten when the gateways are killed', async () => {
    const victim = await account();
    await times(LOGINS_PER_ACCOUNT, () => visitor().login(victim.email, 'guess11'));
    const before = pidsOf('gateway');
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await vi.waitFor(
      async () => {
        expect(pidsOf('gateway').filter((pid) => before.includes(pid))).toEqual([]);
        for (const { url } of gateways()) expect((await get('/health/ready', { base: url })).status).toBe(200);
      },
      { timeout: 30_000, interval: 100 },
    );
    expect((await visitor().login(victim.email, victim.password)).status).toBe(429);
  });
});

describe('one address', () => {
  it('has twenty logins a minute, whatever it says of itself', async () => {
    const one = visitor();
    const guesses = await times(LOGINS_PER_ADDRESS + 1, (turn) => one.login(email(), 'guess11', spoofed(turn)));
    expect(statuses(guesses)).toEqual([...guesses.slice(1).map(() => 401), 429]);
  });

  it('has five registrations a minute, and is told so', async () => {
    const one = visitor();
    const answers = await times(REGISTRATIONS_PER_ADDRESS + 1, () => one.register(email()));
    expect(statuses(answers)).toEqual([201, 201, 201, 201, 201, 429]);
    expect(answers[0]?.policies).toBe('"general";q=200;w=2,"register";q=5;w=60');
    expect(answers[0]?.rateLimit).toMatch(/^"general";r=\d+;t=\d+,"register";r=4;t=60$/);
    expect(answers.at(-1)?.rateLimit).toMatch(/"register";r=0;t=\d+$/);
    expect((await visitor().register(email())).status).toBe(201);
  });

  it.each([
    ['without a token', '/api/auth/profile', 401],
    ['of paths that are not there', '/api/nothing', 404],
  ])('has two hundred requests at once %s of each gateway, and a hundred a second', async (_, path, status) => {
    const one = visitor();
    const start = performance.now();
    const answers = await Promise.all(Array.from({ length: 1_200 }, () => one.call('GET', path)));
    const seconds = (performance.now() - start) / 1_000;
    const refused = answers.filter((answer) => answer.status === 429);
    expect(new Set(statuses(answers))).toEqual(new Set([status, 429]));
    expect(refused.length).toBeGreaterThan(0);
    expect(answers.length - refused.length).toBeLessThanOrEqual(2 * (200 + 100 * seconds));
    expect(refused.every(({ retryAfter }) => retryAfter >= 1)).toBe(true);
    expect((await visitor().call('GET', path)).status).toBe(status);
  });
});

describe('one customer', () => {
  it('has a hundred and twenty orders a minute, from all addresses together', async () => {
    const { email: address, password } = await account();
    const { accessToken: token } = JSON.parse((await visitor().login(address, password)).body);
    const order = { items: [{ productId: 'f'.repeat(24), quantity: 1 }] };
    const place = () => visitor().call('POST', '/api/orders', { token, body: order });
    const answers = await times(ORDERS_PER_USER + 1, place);
    expect(statuses(answers)).toEqual([...answers.slice(1).map(() => 404), 429]);
    expect(answers.at(-1)?.policies).toContain('"orders";q=120;w=60');
  });
});

// Last: the gateways need a moment to trust a Redis again that has failed them.
describe('while Redis does not answer', () => {
  it('each gateway counts for itself', async () => {
    const victim = await account();
    const [redis] = pidsOf('redis');
    expect(redis).toBeDefined();
    if (redis !== undefined) {
      process.kill(redis, 'SIGSTOP');
      frozen.push(redis);
    }
    const [door] = gateways().map(({ url }) => new Neighbour(url));
    const guesses = await times(LOGINS_PER_ACCOUNT + 1, async () => door?.login(victim.email, 'guess11'));
    expect(guesses.map((answer) => answer?.status)).toEqual([401, 401, 401, 401, 401, 429]);
  });
});
