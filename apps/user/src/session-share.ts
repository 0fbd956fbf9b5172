import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Linux shares a machine out among sessions first (sched(7), autogroup), where the niceness of one thread has no say, so the
 * session as a whole gives way, too. In containers their CPU weights count instead.
 */
const AUTOGROUP = '/proc/self/autogroup';

/** As `nice` counts: a tenth of what another session gets while it gives way, as much as another one while it does not. */
const niceness = { yielding: 10, equal: 0 } as const;

/** Milliseconds. A hash that takes longer than the one has not had the CPU it needs; in less than the other there is enough. */
const STARVED_MS = 80;
const QUICK_MS = 40;
/** Hashes that must be quick, one after the other, before the session gives way again. */
const QUICK_IN_A_ROW = 8;

/** How many hashes in a row were quick, as far as they count: eight for whoever has never been short of CPU. */
export const AT_START = QUICK_IN_A_ROW;

/** After one more hash, which took so many milliseconds. Between the two bounds it says nothing to whoever gives way. */
export function quickAfter(quick: number, tookMs: number): number {
  if (tookMs > STARVED_MS) return 0;
  if (quick === QUICK_IN_A_ROW) return quick;
  return tookMs > QUICK_MS ? 0 : quick + 1;
}

/**
 * The share of the machine. Who hashes gives way as long as that costs little: a read waits less, a hash hardly longer. On a
 * machine without any CPU to spare a tenth was too little for anybody to log in.
 */
export const shareOf = (quick: number): keyof typeof niceness => (quick === QUICK_IN_A_ROW ? 'yielding' : 'equal');

/** The share that the session of this process has, where it is its own and not a terminal's, whose other programs would follow. */
export class SessionShare {
  #quick: number = AT_START;
  readonly #isOwn = leadsSession();

  constructor() {
    this.#apply();
  }

  /** A hash has taken so many milliseconds. */
  hashed(tookMs: number): void {
    const before = shareOf(this.#quick);
    this.#quick = quickAfter(this.#quick, tookMs);
    if (shareOf(this.#quick) !== before) this.#apply();
  }

  #apply(): void {
    if (!this.#isOwn) return;
    try {
      writeFileSync(AUTOGROUP, String(niceness[shareOf(this.#quick)]));
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
