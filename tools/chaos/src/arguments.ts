import { readCommandLine, UsageError } from '@souk/stack';
import { drills } from './drills/index.ts';
import { FAULT_KINDS, type FaultKind } from './nemesis/fault.ts';

/** What the command line asks for. */
export type Options = {
  help: boolean;
  json: boolean;
  seed: number;
  minutes: number;
  rate: number;
  faults: readonly FaultKind[];
  /** Parts of names; only processes and wires with one of them are hurt. */
  targets: readonly string[];
  model: boolean;
  all: boolean;
  mutants: boolean;
  /** Names of drills to measure instead. */
  drills: string[];
  /** Names after `--mutants`. */
  names: string[];
};

export const HELP = `npm run chaos -- [options]      drives a private stack through faults and checks that its promises hold

  --seed <n>                    what decides over faults and clients (default: drawn, and printed)
  --minutes <m>                 how long, fractions allowed (default 5)
  --faults kill,stop,…          only these: ${FAULT_KINDS.join(', ')}
  --targets /mongo,order-1,…    only processes (order-1) and wires (order-1/mongo) whose name has one of these in it
  --rate <n>                    requests in a second that the clients aim at (default 180)
  --json                        print the report as JSON
  --model [--all]               check the model of the order protocol instead
  --mutants [name …]            check that the checker catches wrong implementations instead
  --drill <name,…>              measure promises instead: ${Object.keys(drills).join(', ')}
  --help                        print this

Exit status: 0 every promise held, 1 one was violated, 2 no verdict (under 10 faults or 100 requests in a second).`;

const OPTIONS = {
  seed: { type: 'string' },
  minutes: { type: 'string' },
  faults: { type: 'string' },
  targets: { type: 'string' },
  rate: { type: 'string' },
  json: { type: 'boolean' },
  model: { type: 'boolean' },
  all: { type: 'boolean' },
  mutants: { type: 'boolean' },
  drill: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the command line. Throws `UsageError`. */
export function parseArguments(args: string[]): Options {
  const { values, positionals } = readCommandLine(
    { args, options: OPTIONS, strict: true, allowPositionals: true },
    HELP,
  );
  const { mutants = false, help = false, json = false, model = false, all = false } = values;
  if (!mutants && positionals.length > 0) throw new UsageError(`${positionals[0]}: what is that?\n\n${HELP}`);
  return {
    help,
    json,
    model,
    all,
    mutants,
    drills: values.drill === undefined ? [] : values.drill.split(',').map(drillOf),
    names: positionals,
    seed: numberOf('seed', values.seed) ?? Math.floor(Math.random() * 1_000_000),
    minutes: numberOf('minutes', values.minutes) ?? 5,
    rate: numberOf('rate', values.rate) ?? 180,
    targets: values.targets?.split(',') ?? [''],
    faults: values.faults === undefined ? FAULT_KINDS : values.faults.split(',').map(kindOf),
  };
}

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() !== '' && number > 0 && Number.isFinite(number)) return number;
  throw new UsageError(`--${option} ${text}: a number above 0 is wanted.`);
}

function drillOf(name: string): string {
  if (Object.hasOwn(drills, name)) return name;
  throw new UsageError(`--drill ${name}: there are ${Object.keys(drills).join(', ')}.`);
}

function kindOf(name: string): FaultKind {
  const kind = FAULT_KINDS.find((kind) => kind === name);
  if (kind) return kind;
  throw new UsageError(`--faults ${name}: there are ${FAULT_KINDS.join(', ')}.`);
}
