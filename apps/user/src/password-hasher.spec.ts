import { hash, verify } from '@node-rs/argon2';
import { compare, hash as bcryptHash } from '@node-rs/bcrypt';
import { AppError } from '@souk/contracts';
import { currentContext, runInContext } from '@souk/platform';
import { describe, expect, it } from 'vitest';
import { type Argon2, PasswordHasher } from './password-hasher.ts';

const AT_ONCE = 2;
const WAITING = 48;

/** Hashes when it is told to; what is verified is written down and matches. */
class ScriptedArgon2 implements Argon2 {
  readonly started: string[] = [];
  readonly verified: string[] = [];
  readonly #running: PromiseWithResolvers<string>[] = [];

  hash(password: string): Promise<string> {
    this.started.push(password);
    const run = Promise.withResolvers<string>();
    this.#running.push(run);
    return run.promise;
  }

  async verify(hashed: string): Promise<boolean> {
    this.verified.push(hashed);
    return true;
  }

  finish(): void {
    this.#running.shift()?.resolve('hashed');
  }

  fail(): void {
    this.#running.shift()?.reject(new Error('out of memory'));
  }
}

const start = () => {
  const argon2 = new ScriptedArgon2();
  const hasher = new PasswordHasher(argon2, compare);
  const hashAll = (count: number) => Array.from({ length: count }, (_, i) => hasher.hash(`password ${i}`));
  return { argon2, hasher, hashAll };
};
const settled = async () => new Promise((resolve) => setImmediate(resolve));

describe('the password hasher', () => {
  it('hashes two at once and starts the next when one is done, in the order of arrival', async () => {
    const { argon2, hashAll } = start();
    const [first] = hashAll(4);
    expect(argon2.started).toEqual(['password 0', 'password 1']);
    argon2.finish();
    await expect(first).resolves.toBe('hashed');
    await settled();
    expect(argon2.started).toEqual(['password 0', 'password 1', 'password 2']);
  });

  it('refuses as overloaded, with a second to wait, what finds the queue full, and finishes the rest', async () => {
    const { argon2, hasher, hashAll } = start();
    const accepted = hashAll(AT_ONCE + WAITING);
    await expect(hasher.hash('one too many')).rejects.toMatchObject({ code: 'OVERLOADED', retryAfter: 1 });
    await expect(hasher.verify(undefined, 'one too many')).rejects.toMatchObject({ code: 'OVERLOADED' });
    for (let i = 0; i < AT_ONCE + WAITING; i++) {
      argon2.finish();
      await settled();
    }
    expect(await Promise.all(accepted)).toHaveLength(AT_ONCE + WAITING);
    expect(argon2.started).not.toContain('one too many');
  });

  it('lets four at a time ask the store, and refuses whom too many are ahead of before they ask', async () => {
    const { hasher } = start();
    const asked = Promise.withResolvers<void>();
    const started: number[] = [];
    const work = (turn: number) => hasher.inTurn(async () => void (started.push(turn), await asked.promise));
    const accepted = Array.from({ length: AT_ONCE + WAITING }, (_, turn) => work(turn));
    expect(started).toEqual([0, 1, 2, 3]);
    await expect(work(-1)).rejects.toMatchObject({ code: 'OVERLOADED', retryAfter: 1 });
    asked.resolve();
    await Promise.all(accepted);
    expect(started).toEqual(accepted.map((_, turn) => turn));
  });

  it('does what waited for its turn in the context of its own caller', async () => {
    const { hasher } = start();
    const asked = Promise.withResolvers<void>();
    const requestOf = (requestId: string) =>
      runInContext({ requestId }, () =>
        hasher.inTurn(async () => {
          await asked.promise;
          return currentContext()?.requestId;
        }),
      );
    const requests = ['a', 'b', 'c', 'd', 'e', 'f'];
    const answers = Promise.all(requests.map(requestOf));
    asked.resolve();
    expect(await answers).toEqual(requests);
  });

  it('gives the place of a hash that failed to the next', async () => {
    const { argon2, hashAll } = start();
    const [first, second, third] = hashAll(3);
    argon2.fail();
    await expect(first).rejects.toThrow('out of memory');
    await settled();
    argon2.finish();
    argon2.finish();
    expect(await Promise.all([second, third])).toEqual(['hashed', 'hashed']);
  });

  it('does not start what waited until its caller had gone, and minds the deadline of each caller alone', async () => {
    const { argon2, hasher } = start();
    const within = (ms: number, password: string) =>
      runInContext({ requestId: 'test-request', deadline: Date.now() + ms }, () => hasher.hash(password));
    const running = [within(60_000, 'a'), within(60_000, 'b')];
    const [late, patient] = [within(-1, 'late'), within(60_000, 'patient')];
    argon2.finish();
    await expect(late).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    await settled();
    argon2.finish();
    argon2.finish();
    expect(await Promise.all([...running, patient])).toEqual(['hashed', 'hashed', 'hashed']);
    expect(argon2.started).toEqual(['a', 'b', 'patient']);
  });

  it('verifies against a decoy where there is no account, and never lets it match', async () => {
    const { argon2, hasher } = start();
    await expect(hasher.verify(undefined, 'pass123')).resolves.toBe(false);
    await expect(hasher.verify('of an account', 'pass123')).resolves.toBe(true);
    expect(argon2.verified).toEqual([expect.stringContaining('$argon2id$'), 'of an account']);
  });
});

describe('the password hasher over argon2', () => {
  const hasher = new PasswordHasher({ hash, verify }, compare);
  const parameters = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/;

  it('writes PHC strings of argon2id with 19 MiB, two passes and one lane, salted each time', async () => {
    const [one, two] = await Promise.all([hasher.hash('pass123'), hasher.hash('pass123')]);
    expect(one).toMatch(parameters);
    expect(two).toMatch(parameters);
    expect(one).not.toBe(two);
  });

  it('knows the password again, and no other', async () => {
    const stored = await hasher.hash('pass123');
    expect(
      await Promise.all(['pass123', 'Pass123', 'pass123 ', ''].map((each) => hasher.verify(stored, each))),
    ).toEqual([true, false, false, false]);
  });

  it('has a decoy of the same cost as a real hash', async () => {
    const argon2 = new ScriptedArgon2();
    await new PasswordHasher(argon2, compare).verify(undefined, 'pass123');
    expect(argon2.verified[0]).toMatch(parameters);
    await expect(hasher.verify(undefined, 'pass123')).resolves.toBe(false);
  });

  it('reports a stored hash that is none as a fault, not as a wrong password', async () => {
    await expect(hasher.verify('not a hash', 'pass123')).rejects.not.toBeInstanceOf(AppError);
  });
});

describe('an older hash', () => {
  const hasher = new PasswordHasher({ hash, verify }, compare);

  it.each(['2a', '2b', '2y'])('of bcrypt %s verifies, and is outdated', async (version) => {
    const old = (await bcryptHash('pass123', { cost: 4 })).replace(/^\$2\w/, `$${version}`);
    expect([await hasher.verify(old, 'pass123'), await hasher.verify(old, 'pass124')]).toEqual([true, false]);
    expect(hasher.isOutdated(old)).toBe(true);
  });

  it('of argon2 with less work is outdated, and so is one of another kind of it', async () => {
    const weak = await hash('pass123', { memoryCost: 8 * 1024, timeCost: 1, parallelism: 1 });
    expect([await hasher.verify(weak, 'pass123'), hasher.isOutdated(weak)]).toEqual([true, true]);
    const current = await hasher.hash('pass123');
    expect([current, current.replace('argon2id', 'argon2i')].map((each) => hasher.isOutdated(each))).toEqual([
      false,
      true,
    ]);
  });
});
