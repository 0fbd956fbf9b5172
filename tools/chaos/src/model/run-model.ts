import { type Exploration, explore } from './explore.ts';
import { SETUPS, type SetupName } from './setups.ts';
import { Shop } from './shop.ts';
import { WRONG, type WrongStep } from './wrong.ts';

/** They take longer than all the others together: only with `all`. */
const LONG: ReadonlySet<SetupName> = new Set([
  'two keys, delivered twice',
  'two keys, both cancelled',
  'three keys, last unit, 2 sweepers',
]);

export interface ModelOptions {
  /** Also the configurations that take half a minute each, and the trace of what each wrong implementation breaks. */
  readonly all?: boolean;
  readonly say: (line: string) => void;
}

/**
 * Model-checks the protocol of DESIGN §5: true when it holds in every configuration and every wrong implementation is
 * caught. Prints a line for each, and the shortest trace of each violation that nobody expects.
 */
export async function runModel({ all = false, say }: ModelOptions): Promise<boolean> {
  const outcomes: boolean[] = [];
  for (const name of setupNames()) {
    if (all || !LONG.has(name)) outcomes.push(await inTurn(() => holds(name, say)));
  }
  for (const wrong of wrongNames()) outcomes.push(await inTurn(() => isCaught(wrong, say, all)));
  const failed = outcomes.filter((isFine) => !isFine).length;
  say(`model: ${outcomes.length} explorations, ${failed === 0 ? 'all as expected' : `${failed} NOT as expected`}`);
  return failed === 0;
}

/** Does the protocol hold in this configuration? */
export function holds(name: SetupName, say: (line: string) => void): boolean {
  const started = performance.now();
  const found = explore(new Shop(SETUPS[name]));
  const isFine = found.violations.length === 0;
  say(row(`protocol: ${name}`, found, started, isFine ? 'holds' : 'VIOLATED'));
  if (!isFine) sayViolations(found, say);
  return isFine;
}

/** Is this wrong implementation caught? */
export function isCaught(wrong: WrongStep, say: (line: string) => void, withTraces = false): boolean {
  const started = performance.now();
  const found = explore(new Shop(SETUPS[WRONG[wrong]], wrong), { untilBroken: true });
  const [last] = found.violations.slice(-1);
  say(row(`wrong: ${wrong}`, found, started, last ? `caught in ${last.trace.length} steps` : 'NOT CAUGHT'));
  if (withTraces) sayViolations(found, say);
  return last !== undefined;
}

const row = (name: string, { states }: Exploration, started: number, verdict: string): string => {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  return `${name.padEnd(64)} ${states.toLocaleString('en').padStart(10)} states ${seconds.padStart(6)} s  ${verdict}`;
};

function sayViolations({ violations }: Exploration, say: (line: string) => void): void {
  for (const { invariant, trace } of violations) {
    say(`  ${invariant} (${trace.length} steps)`);
    for (const [index, label] of trace.entries()) say(`    ${index + 1}. ${label}`);
  }
}

/** Lets the process hear its signals between two explorations. */
const inTurn = (explored: () => boolean): Promise<boolean> =>
  new Promise((resolve) => setImmediate(() => resolve(explored())));

export const setupNames = (): SetupName[] => Object.keys(SETUPS).filter((name): name is SetupName => name in SETUPS);
export const wrongNames = (): WrongStep[] => Object.keys(WRONG).filter((name): name is WrongStep => name in WRONG);
