/** A wrong implementation of the order protocol, and a run of `npm run chaos` that must find it out. */
export interface Mutant {
  readonly name: string;
  /** A file in `tools/chaos/mutants/`. */
  readonly patch: string;
  readonly faults: readonly string[];
  readonly seed: number;
  readonly minutes: number;
}

const mutant = (name: string, faults: readonly string[], minutes = 0.5, seed = 1): Mutant => ({
  name,
  patch: `${name}.patch`,
  faults,
  seed,
  minutes,
});

/** The faults are those that make the mutant's gap matter: a lost answer, a late message, a process that dies or sleeps. */
export const MUTANTS: readonly Mutant[] = [
  mutant('read-then-write-stock', ['latency']),
  mutant('no-unique-order-id', ['oneway', 'latency']),
  mutant('acknowledge-before-insert', ['kill']),
  mutant('give-back-by-order-id', ['latency', 'redeliver']),
  mutant('give-back-after-unanswered-insert', ['oneway', 'blackhole']),
  mutant('own-duplicate-taken-for-anothers', ['oneway', 'reset']),
  mutant('no-tombstone', ['stop']),
  mutant('tombstone-that-expires', ['stop']),
  mutant('attempt-drawn-by-the-caller', ['redeliver']),
  mutant('settle-before-insert', ['kill', 'oneway']),
  mutant('409-without-looking-the-order-up', ['oneway', 'kill']),
  mutant('restock-without-its-ledger-entry', ['kill', 'oneway']),
  mutant('key-kept-only-in-redis', ['flush', 'oneway']),
];

/** What `npm run chaos` is asked for. */
export const argumentsOf = ({ faults, seed, minutes }: Mutant): readonly string[] => [
  '--faults',
  faults.join(','),
  '--seed',
  String(seed),
  '--minutes',
  String(minutes),
  '--json',
];
