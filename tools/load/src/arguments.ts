import { UsageError } from '@souk/stack';

/** The suites of `load-tests/` that k6 runs. */
export const SUITES = [
  'smoke',
  'load',
  'stress',
  'spike',
  'soak',
  'breakpoint',
  'flash-sale',
  'k6-simple-test',
] as const;
export type Suite = (typeof SUITES)[number];

/** What the command line asks for. */
export type Options = {
  help: boolean;
  json: boolean;
  suite: Suite;
  /** For `npm run up`, where a stack is started. */
  replicas: string[];
  /** For k6. */
  passedOn: string[];
};

export const HELP = `npm run load -- <suite> [options] [options of k6]     puts load on a shop and compares with the last time

  suites                        ${SUITES.join(', ')}
  BASE_URL=http://…             the shop; without it a private stack is started, and stopped afterwards
  --replicas gateway=2,…        of that stack
  --json                        print the figures as JSON
  --help                        print this

Durations become a tenth with -e SCALE=0.1; what k6 takes is passed on (--vus 20 --duration 5s).
Exit status: that of k6, 99 where a threshold was missed.`;

/** Reads the command line. Throws `UsageError`. */
export function parseArguments(args: readonly string[]): Options {
  const passedOn: string[] = [];
  const options: Options = { help: args.includes('--help'), json: false, suite: 'smoke', replicas: [], passedOn };
  const [name = '', ...rest] = args;
  if (options.help) return options;
  options.suite = suiteOf(name);
  for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
    if (next === '--json') options.json = true;
    else if (next === '--replicas') options.replicas = [next, rest.shift() ?? ''];
    else passedOn.push(next);
  }
  return options;
}

function suiteOf(name: string): Suite {
  const suite = SUITES.find((suite) => suite === name);
  if (suite) return suite;
  throw new UsageError(name === '' ? `Which suite?\n\n${HELP}` : `${name}: no such suite.\n\n${HELP}`);
}
