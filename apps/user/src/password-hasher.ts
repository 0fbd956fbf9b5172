import { AsyncResource } from 'node:async_hooks';
import type { Options } from '@node-rs/argon2';
import { AppError } from '@souk/contracts';
import { currentContext } from '@souk/platform';
import { type BulkheadPolicy, bulkhead, isBulkheadRejectedError } from 'cockatiel';

/** The two functions of @node-rs/argon2 that are used. */
export interface Argon2 {
  hash(password: string, options: Options): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}

/** The one of @node-rs/bcrypt: whether a password leads to a hash. */
export type BcryptCompare = (password: string, hash: string) => Promise<boolean>;

/** More at once would starve everything else on a small machine: one takes 12 ms of a core and 19 MiB. */
const AT_ONCE = 2;
/** As many as are through before their callers' deadline of 1 s: within 0.3 s on an idle machine, 0.7 s on a busy one. */
const WAITING = 48;
/** While two hash, the account of the next is looked up: more at once would only crowd the store. */
const LOOKED_UP_AT_ONCE = 2 * AT_ONCE;
const RETRY_AFTER_SECONDS = 1;

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane. The variant is the library's default. */
const cost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

/** How hashes begin that cost what they should. */
const CURRENT = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$`;

/** Hashes of the system that was before: 2a, 2b and 2y differ in mistakes of old libraries alone. */
const BCRYPT = /^\$2[aby]\$/;

/** No password leads to it, and to find that out costs what a real one costs. */
const DECOY = `${CURRENT}${zeros(16)}$${zeros(32)}`;

/** Hashes passwords, a few at a time. Throws `OVERLOADED` when too many wait. */
export class PasswordHasher {
  readonly #slots = bulkhead(AT_ONCE, WAITING);
  readonly #turns = bulkhead(LOOKED_UP_AT_ONCE, AT_ONCE + WAITING - LOOKED_UP_AT_ONCE);

  /** `hashed` is told after each hash how many milliseconds it took. */
  constructor(
    private readonly argon2: Argon2,
    private readonly bcryptCompare: BcryptCompare,
    private readonly hashed: (tookMs: number) => void = () => undefined,
  ) {}

  /**
   * For work that asks the store for an account before it hashes: whom too many are ahead of is refused before the store is
   * asked.
   */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return admitted(this.#turns, work);
  }

  /** Whether a hash was made by weaker rules than those of today. */
  isOutdated(hash: string): boolean {
    return !hash.startsWith(CURRENT);
  }

  /** Answers a PHC string. */
  hash(password: string): Promise<string> {
    return this.#hashing(() => this.argon2.hash(password, cost));
  }

  /**
   * Without a hash it answers false, and takes as long: how long a login takes must not tell who has an account. An
   * account with a hash of the old kind can be told by its time until its owner has logged in once.
   */
  async verify(hash: string | undefined, password: string): Promise<boolean> {
    const matches = await this.#hashing(() => this.#compare(hash ?? DECOY, password));
    return matches && hash !== undefined;
  }

  #compare(hash: string, password: string): Promise<boolean> {
    return BCRYPT.test(hash) ? this.bcryptCompare(password, hash) : this.argon2.verify(hash, password);
  }

  #hashing<T>(work: () => Promise<T>): Promise<T> {
    return admitted(this.#slots, async () => {
      const start = performance.now();
      try {
        return await work();
      } finally {
        this.hashed(performance.now() - start);
      }
    });
  }
}

async function admitted<T>(places: BulkheadPolicy, work: () => Promise<T>): Promise<T> {
  const { deadline = Infinity } = currentContext() ?? {};
  try {
    // Bound: what waited in the queue is started by whoever finished before it, in their context.
    return await places.execute(AsyncResource.bind(() => startBefore(deadline, work)));
  } catch (error) {
    if (!isBulkheadRejectedError(error)) throw error;
    throw new AppError('OVERLOADED', { retryAfter: RETRY_AFTER_SECONDS, cause: error });
  }
}

function startBefore<T>(deadline: number, work: () => Promise<T>): Promise<T> {
  if (Date.now() >= deadline) throw new AppError('DEADLINE_EXCEEDED');
  return work();
}

// The PHC format has base64 without padding.
function zeros(bytes: number): string {
  return Buffer.alloc(bytes).toString('base64').replaceAll('=', '');
}
