import { allContracts, type Contract } from '@souk/contracts';
import { readCommandLine, UsageError } from '@souk/stack';

export const COMMANDS = ['ls', 'contracts', 'ping', 'stats', 'call', 'tap', 'trace', 'replay', 'drain', 'log'] as const;
export type CommandName = (typeof COMMANDS)[number];

/** What the command line asks for; each command reads what concerns it. */
export interface Options {
  help: boolean;
  command: CommandName;
  /** What stands after the command. */
  operands: string[];
  nats: string | undefined;
  json: boolean;
  watch: boolean;
  errors: boolean;
  force: boolean;
  /** Milliseconds. */
  slow: number;
  requestId: string | undefined;
  record: string | undefined;
}

export const HELP = `npm run bus -- <command> …        looks at the bus of a running stack, and speaks on it

  ls                              services and their replicas
  contracts [<subject>]           every call there is, or one with its schemas and an example
  ping [<service>]                a round trip to every replica
  stats [<service>] [--watch]     calls, errors and latencies of every endpoint and replica
  call <subject> [<json>]         one call, checked before it is sent
  tap [<subject> …]               calls as they are answered, until Ctrl-C; order.* stands for all calls of order
    --errors                      only refused and failed ones
    --slow 50ms                   only those that took longer
    --request-id <id>             only those of one request
    --record <file>               keeps them, a JSON document a line
  trace                           requests as trees, with what the store was asked; takes the filters of tap
  replay <file> [--force]         makes recorded calls again: the idempotent ones, with --force all
  drain <replica>                 has a replica finish what it has begun, and go; the id may be shortened
  log <level> [<program>]         from which level on a program, or every one, logs until it is restarted

  --nats <url>                    which bus, with the operator's login; default NATS_URL, else that of .souk/stack.json
  --json                          print JSON, a document a line where there are many
  --help                          print this

Exit status: 0 done, 1 refused or not answered, 2 the command line makes no sense.`;

const OPTIONS = {
  nats: { type: 'string' },
  json: { type: 'boolean', default: false },
  watch: { type: 'boolean', default: false },
  errors: { type: 'boolean', default: false },
  force: { type: 'boolean', default: false },
  slow: { type: 'string' },
  'request-id': { type: 'string' },
  record: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Reads the command line. Throws `UsageError`. */
export function parseArguments(args: string[]): Options {
  const { values, positionals } = readCommandLine(
    { args, options: OPTIONS, strict: true, allowPositionals: true },
    HELP,
  );
  const [name = '', ...operands] = positionals;
  const { slow, 'request-id': requestId, nats, record, ...flags } = values;
  return {
    ...flags,
    command: values.help ? 'ls' : commandOf(name),
    operands,
    nats,
    record,
    requestId,
    slow: slow === undefined ? 0 : millisecondsOf(slow),
  };
}

function commandOf(name: string): CommandName {
  const command = COMMANDS.find((each) => each === name);
  if (command) return command;
  throw new UsageError(name === '' ? HELP : `${name}: no such command.\n\n${HELP}`);
}

function millisecondsOf(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text) ?? [];
  if (number === undefined) throw new UsageError(`--slow ${text}: write 50ms or 1.5s.`);
  return Number(number) * (unit === 's' ? 1_000 : 1);
}

/** The contract of a subject. Throws `UsageError` naming those that come near. */
export function contractOf(subject: string): Contract {
  const contract = allContracts.find((each) => each.subject === subject);
  if (contract) return contract;
  const near = allContracts.filter(
    ({ service, subject: other }) => subject.startsWith(service) || other.endsWith(subject),
  );
  const names = (near.length > 0 ? near : allContracts).map((each) => each.subject).join(', ');
  throw new UsageError(`${subject || 'Nothing'} is no call on this bus. There are ${names}.`);
}

/** The subjects that `order.*`, `order.>` or a subject itself stand for. Throws `UsageError` where there are none. */
export function subjectsOf(patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => {
    const service = /^(\w+)\.[*>]$/.exec(pattern)?.[1];
    const subjects = allContracts.filter((contract) => contract.service === service).map(({ subject }) => subject);
    return subjects.length > 0 ? subjects : [contractOf(pattern).subject];
  });
}
