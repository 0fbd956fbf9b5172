import { readCommandLine, UsageError } from '@souk/stack';
import { rows } from './rows/index.ts';

export type RowName = keyof typeof rows;
const isRow = (name: string): name is RowName => Object.hasOwn(rows, name);
const NAMES = Object.keys(rows).filter(isRow);

/** What the command line asks for. */
export type Options = {
  help: boolean;
  json: boolean;
  growth: boolean;
  rounds: number;
  seconds: number;
  rows: RowName[];
};

export const HELP = `npm run bench -- [options]      measures the shop and its references by turns, on a stack of its own

  --only nginx,orders,…         only these rows: ${NAMES.join(', ')}
  --growth                      instead: reads a second as the catalogue grows to 100,000 products
  --rounds <n>                  how often each side is measured (default 5)
  --seconds <s>                 for how long each time (default 5)
  --json                        print the results as JSON
  --help                        print this

Exit status: 0 every ratio is what it must be, 1 one is not, 2 there is no figure, because an answer was wrong.`;

const OPTIONS = {
  only: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  growth: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the command line. Throws `UsageError`. */
export function parseArguments(args: string[]): Options {
  const {
    only,
    rounds,
    seconds,
    growth = false,
    json = false,
    help = false,
  } = readCommandLine({ args, options: OPTIONS, strict: true }, HELP).values;
  return {
    help,
    json,
    growth,
    rounds: wholeOf('rounds', rounds ?? '5'),
    seconds: wholeOf('seconds', seconds ?? '5'),
    rows: only === undefined ? NAMES : only.split(',').map(rowOf),
  };
}

function wholeOf(option: string, text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UsageError(`--${option} ${text}: a whole number above 0 is wanted.`);
}

function rowOf(name: string): RowName {
  if (isRow(name)) return name;
  throw new UsageError(`--only ${name}: there are ${NAMES.join(', ')}.`);
}
