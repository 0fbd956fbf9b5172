import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { tryLock } from '../lock.js';
import { isFree } from './ports.ts';

// Below the range from which Linux and macOS draw ports for outgoing connections, so that none of those takes ours first.
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** Hands out ports so that no two stacks of one user get the same, even before they listen on them. */
export class PortBook {
  readonly #releases: (() => void)[] = [];
  readonly #directory: string;

  constructor(directory = join(tmpdir(), `souk-ports-${userInfo().uid}`)) {
    this.#directory = directory;
  }

  /** Takes this port if nobody has it. */
  async take(port: number, host = '127.0.0.1'): Promise<boolean> {
    const { release } = tryLock(join(this.#directory, String(port)));
    if (!release) return false;
    if (await isFree(port, host)) {
      this.#releases.push(release);
      return true;
    }
    release();
    return false;
  }

  /** Takes some free port. */
  async takeAny(host = '127.0.0.1'): Promise<number> {
    for (;;) {
      const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
      if (await this.take(port, host)) return port;
    }
  }

  /** Gives all ports back. */
  close(): void {
    for (const release of this.#releases.splice(0)) release();
  }
}
