import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Linux shares a machine out among sessions first (sched(7), autogroup), where the niceness of one thread has no say, so the
 * session as a whole gives way, too. In containers their CPU weights count instead.
 */
const AUTOGROUP = '/proc/self/autogroup';

/** Milliseconds. A hash that takes longer than the one has not had the CPU it needs; in less than the other there is enough. */
const STARVED_MS = 80;
const QUICK_MS = 40;

/**
 * `niceness` as `nice` counts: who yields gets a tenth of what another session gets. `other`: the share that a row of `until`
 * hashes leads to, each of which `speaksForOther`. A single slow one does not: while a hundred log in at once, one in twenty is.
 */
const shares = {
  yielding: { niceness: 10, other: 'equal', until: 3, speaksForOther: (tookMs: number) => tookMs > STARVED_MS },
  equal: { niceness: 0, other: 'yielding', until: 8, speaksForOther: (tookMs: number) => tookMs <= QUICK_MS },
} as const;

/** The share that a session has of the machine, and how many hashes in a row have spoken for the other one. */
export interface Share {
  name: keyof typeof shares;
  against: number;
}

/** While everything starts, nobody has CPU to spare. */
export const AT_START: Share = { name: 'equal', against: 0 };

/**
 * The share after one more hash, which took so many milliseconds. Who hashes gives way as long as that costs little: a read waits
 * less, a hash hardly longer. On a machine without any CPU to spare a tenth was too little for anybody to log in.
 */
export function shareAfter({ name, against }: Share, tookMs: number): Share {
  const { other, until, speaksForOther } = shares[name];
  if (!speaksForOther(tookMs)) return { name, against: 0 };
  return against + 1 < until ? { name, against: against + 1 } : { name: other, against: 0 };
}

/** The share that the session of this process has, where it is its own and not a terminal's, whose other programs would follow. */
export class SessionShare {
  #share = AT_START;
  readonly #isOwn = leadsSession();

  constructor() {
    this.#apply();
  }

  /** A hash has taken so many milliseconds. */
  hashed(tookMs: number): void {
    const before = this.#share.name;
    this.#share = shareAfter(this.#share, tookMs);
    if (this.#share.name !== before) this.#apply();
  }

  #apply(): void {
    if (!this.#isOwn) return;
    try {
      writeFileSync(AUTOGROUP, String(shares[this.#share.name].niceness));
    } catch {
      // Not every kernel has it, and it may be asked too often: ten times a second without rights. The next change is another try.
    }
  }
}

function leadsSession(): boolean {
  try {
    const [, , , session] = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return Number(session) === process.pid;
  } catch {
    return false;
  }
}
