import type { Random } from '../random.ts';
import type { Fault, FaultKind, Targets } from './fault.ts';

/** Faults come in storms with quiet stretches between them, in which the system has to get on. */
const STORM_MS = 25_000;
const QUIET_MS = 11_000;
const BETWEEN_MS = { low: 2_000, high: 6_000 };
/** A run this long has faults enough for a verdict at the usual pace; a shorter one hurries. */
const USUAL_MS = 120_000;
/** Before the end the last faults have time to end by themselves. */
const TAIL = { share: 0.06, longestMs: 15_000 };

/** How long a fault lasts, in milliseconds; the shorter, the more often it hits between two looks. */
const DURATIONS: Record<FaultKind, { low: number; high: number }> = {
  kill: { low: 0, high: 0 },
  term: { low: 0, high: 0 },
  stop: { low: 5_000, high: 15_000 },
  flush: { low: 0, high: 0 },
  latency: { low: 3_000, high: 12_000 },
  blackhole: { low: 1_000, high: 12_000 },
  oneway: { low: 1_000, high: 8_000 },
  reset: { low: 0, high: 0 },
  halfclose: { low: 0, high: 0 },
  refuse: { low: 1_000, high: 8_000 },
  redeliver: { low: 5_000, high: 15_000 },
};

/** All faults of a run, drawn beforehand: what the system does cannot change what it is spared. */
export function schedule(random: Random, runMs: number, kinds: readonly FaultKind[], targets: Targets): Fault[] {
  const pace = Math.min(1, runMs / USUAL_MS);
  const possible = kinds.filter((kind) => targetsOf(kind, targets).length > 0);
  const faults: Fault[] = [];
  const end = runMs - Math.min(runMs * TAIL.share, TAIL.longestMs);
  for (let at = 1_000 * pace; at < end; at += random.between(BETWEEN_MS.low, BETWEEN_MS.high) * pace) {
    const isQuiet = at % ((STORM_MS + QUIET_MS) * pace) > STORM_MS * pace;
    if (!isQuiet) faults.push(draw(random, at, random.pick(possible), targets));
  }
  return faults;
}

function draw(random: Random, at: number, kind: FaultKind, targets: Targets): Fault {
  const { low, high } = DURATIONS[kind];
  return {
    at,
    kind,
    target: random.pick(targetsOf(kind, targets)),
    durationMs: random.between(low, high),
    strength: random.next(),
  };
}

function targetsOf(kind: FaultKind, { processes, wires, hasRedis }: Targets): readonly string[] {
  switch (kind) {
    case 'kill':
    case 'term':
    case 'stop':
      return processes;
    case 'latency':
    case 'blackhole':
    case 'oneway':
    case 'reset':
    case 'halfclose':
    case 'refuse':
      return wires;
    case 'flush':
      return hasRedis ? ['redis'] : [];
    case 'redeliver':
      return ['bus'];
  }
}
