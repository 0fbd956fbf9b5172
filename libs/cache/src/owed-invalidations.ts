import { everyEntry } from './cache-entry.ts';

const BATCH = 500;
const MAX_OWED = 10_000;
const RETRY_MS = 1_000;

/** Invalidations that Redis has not confirmed. While there are any, nothing in Redis may be believed. */
export class OwedInvalidations {
  readonly #send: (tags: readonly string[]) => Promise<boolean>;
  #owed = new Set<string>();
  #sending: Promise<boolean> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(send: (tags: readonly string[]) => Promise<boolean>) {
    this.#send = send;
  }

  owe(tags: Iterable<string>): void {
    for (const tag of tags) this.#owed.add(tag);
    if (this.#owed.size > MAX_OWED) this.#owed = new Set([everyEntry]);
  }

  /** True when all that was owed at the call is confirmed. */
  async settle(): Promise<boolean> {
    // What is under way may have left before the caller's tags were added.
    await this.#sending;
    if (this.#owed.size === 0) return true;
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
    return this.#sending;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
  }

  async #sendAll(): Promise<boolean> {
    const leaving = [...this.#owed];
    this.#owed = new Set();
    for (let sent = 0; sent < leaving.length; sent += BATCH) {
      if (await this.#send(leaving.slice(sent, sent + BATCH))) continue;
      this.owe(leaving.slice(sent));
      this.#retryLater();
      return false;
    }
    return true;
  }

  /** Also without a reader here: a gateway that starts now knows nothing of what is owed, and would believe Redis. */
  #retryLater(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.settle(), RETRY_MS).unref();
  }
}
