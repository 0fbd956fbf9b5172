/** A wrong implementation of the order protocol, and a run of `npm run chaos` that must find it out. */
export interface Mutant {
  readonly name: string;
  /** A file in `tools/chaos/mutants/`. */
  readonly patch: string;
  readonly faults: readonly string[];
  readonly targets: readonly string[];
  readonly seed: number;
  readonly minutes: number;
  /** Stands for its kind of mistake: made in each run of CI, where its relatives would take too long, and those that need luck. */
  readonly ofItsKind: boolean;
}

interface Run {
  readonly faults: readonly string[];
  /** Parts of the names of what is hurt. */
  readonly targets?: readonly string[];
  readonly minutes?: number;
  readonly ofItsKind?: true;
}

const mutant = (name: string, { faults, targets = [''], minutes = 0.5, ofItsKind }: Run): Mutant => ({
  name,
  patch: `${name}.patch`,
  faults,
  targets,
  seed: 1,
  minutes,
  ofItsKind: ofItsKind ?? false,
});

const ORDERS_STORE = ['order-1/mongo', 'order-2/mongo'];
/** Requests in a second: few enough that the slowest store answers them between the faults. */
const RATE = 80;

/**
 * The faults are those that make the mutant's gap matter: a lost answer, a late message, a process that dies or sleeps. A
 * flush, which hurts none of them, leaves the others time to begin on something that works.
 */
export const MUTANTS: readonly Mutant[] = [
  mutant('read-then-write-stock', { faults: ['latency'], ofItsKind: true }),
  mutant('no-unique-order-id', { faults: ['oneway', 'latency'], targets: ['order'], ofItsKind: true }),
  mutant('acknowledge-before-insert', { faults: ['kill'], ofItsKind: true }),
  mutant('give-back-by-order-id', { faults: ['latency', 'redeliver'], ofItsKind: true }),
  mutant('give-back-after-unanswered-insert', { faults: ['oneway', 'flush'], targets: ORDERS_STORE }),
  mutant('own-duplicate-taken-for-anothers', { faults: ['reset', 'halfclose'], targets: ORDERS_STORE }),
  // One replica's inserts are held up for longer than the sweeper waits, while the other answers the sweeper. It takes the
  // two at one moment: in half a minute that came about every second time.
  mutant('no-tombstone', { faults: ['blackhole', 'flush'], targets: ['order-1/mongo'], minutes: 1 }),
  mutant('tombstone-that-expires', { faults: ['blackhole', 'flush'], targets: ['order-1/mongo'], minutes: 1 }),
  mutant('attempt-drawn-by-the-caller', { faults: ['redeliver'] }),
  mutant('settle-before-insert', { faults: ['kill', 'oneway'] }),
  mutant('409-without-looking-the-order-up', { faults: ['oneway', 'kill'] }),
  mutant('restock-without-its-ledger-entry', { faults: ['kill', 'oneway'] }),
  mutant('key-kept-only-in-redis', { faults: ['flush', 'oneway'], ofItsKind: true }),
];

/** What `npm run chaos` is asked for. */
export const argumentsOf = ({ faults, targets, seed, minutes }: Mutant): readonly string[] => [
  '--faults',
  faults.join(','),
  '--targets',
  targets.join(','),
  '--seed',
  String(seed),
  '--minutes',
  String(minutes),
  '--rate',
  String(RATE),
  '--json',
];
