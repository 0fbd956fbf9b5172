import type { Options } from '@node-rs/argon2';
import { AppError } from '@souk/contracts';
import { currentContext } from '@souk/platform';
import { bulkhead, isBulkheadRejectedError } from 'cockatiel';

/** The two functions of @node-rs/argon2 that are used. */
export interface Argon2 {
  hash(password: string, options: Options): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}

/** More at once would starve everything else on a small machine: one takes 12 ms of a core and 19 MiB. */
const AT_ONCE = 2;
/** As many as are through before their callers' deadline of 1 s: within 0.3 s on an idle machine, 0.7 s on a busy one. */
const WAITING = 48;
const RETRY_AFTER_SECONDS = 1;

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane. The variant is the library's default. */
const cost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

/** No password leads to it, and to find that out costs what a real one costs. */
const DECOY = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$${zeros(16)}$${zeros(32)}`;

/** Hashes passwords, a few at a time. Throws `OVERLOADED` when too many wait. */
export class PasswordHasher {
  readonly #slots = bulkhead(AT_ONCE, WAITING);

  constructor(private readonly argon2: Argon2) {}

  /** Answers a PHC string. */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => this.argon2.hash(password, cost));
  }

  /** Without a hash it answers false, and takes as long: how long a login takes must not tell who has an account. */
  async verify(hash: string | undefined, password: string): Promise<boolean> {
    const matches = await this.#inTurn(() => this.argon2.verify(hash ?? DECOY, password));
    return matches && hash !== undefined;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    // Read here: what waited in the queue is started by whoever finished before it, in their context.
    const { deadline = Infinity } = currentContext() ?? {};
    try {
      return await this.#slots.execute(() => startBefore(deadline, work));
    } catch (error) {
      if (!isBulkheadRejectedError(error)) throw error;
      throw new AppError('OVERLOADED', { retryAfter: RETRY_AFTER_SECONDS, cause: error });
    }
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
