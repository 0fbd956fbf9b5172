import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { APPS } from './apps.ts';
import { readCommandLine, UsageError } from './arguments.ts';
import type { Context } from './context.ts';
import { stateFileOf } from './running-stack.ts';

export const RESTART_HELP = `npm run restart -- <name> …     restarts processes of the running stack, one replica after the other

  gateway user-2 nats …   a name is all replicas of it; with a number it is that replica
  --all                   every app: user, product, order, gateway
  --json                  print what was restarted as JSON
  --help                  print this

The stack is the one whose state file SOUK_STATE names, else .souk/stack.json. The exit code is 0 when all are ready again,
1 when one is not (those after it are left alone), 2 when the command line makes no sense.`;

/** No stack runs that could be asked; the message says where it was looked for. */
export class NoStack extends Error {
  override readonly name = 'NoStack';
}

const OPTIONS = {
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const State = z.object({
  control: z.string().optional(),
  processes: z.array(z.object({ name: z.string(), replica: z.int() })),
});
type Process = z.infer<typeof State>['processes'][number];

const Answer = z.union([
  z.object({
    restarted: z.array(z.object({ name: z.string(), replica: z.int(), pid: z.int(), seconds: z.number() })),
  }),
  z.object({ error: z.string() }),
]);

/** `npm run restart`; answers the exit status. Throws `UsageError` and `NoStack`. */
export async function restart(args: string[], context: Context, print: (text: string) => void): Promise<number> {
  const { names, all, json: asJson, help } = parsed(args);
  if (help) {
    print(RESTART_HELP);
    return 0;
  }
  const { control, processes } = stateOf(context);
  const chosen = all ? appsOf(processes) : names.flatMap((name) => choose(name, processes));
  const restarted: object[] = [];
  for (const one of chosen) {
    context.say(`restarting ${one.name} ${one.replica}`);
    const answer = await ask(control, one);
    if ('error' in answer) {
      context.say(answer.error);
      return 1;
    }
    for (const { pid, seconds } of answer.restarted) context.say(`  ready after ${seconds} s (process ${pid})`);
    restarted.push(...answer.restarted);
  }
  if (asJson) print(JSON.stringify({ restarted }, null, 2));
  return 0;
}

/** Every app, those that are asked before the gateway that asks. */
function appsOf(processes: Process[]): Process[] {
  const order = [...APPS.filter((app) => app !== 'gateway'), 'gateway'];
  return order.flatMap((app) => processes.filter(({ name }) => name === app));
}

function parsed(args: string[]): { names: string[]; all: boolean; json: boolean; help: boolean } {
  const { values, positionals: names } = readCommandLine(
    { args, options: OPTIONS, strict: true, allowPositionals: true },
    RESTART_HELP,
  );
  const { all = false, json = false, help = false } = values;
  if (help || all !== names.length > 0) return { names, all, json, help };
  throw new UsageError(`Say what to restart, or --all.\n\n${RESTART_HELP}`);
}

function stateOf({ env, souk }: Context): { control: string; processes: Process[] } {
  const file = stateFileOf(env, souk);
  if (!existsSync(file)) throw new NoStack(`No stack runs: ${file} is not there.`);
  const { control, processes } = State.parse(JSON.parse(readFileSync(file, 'utf8')));
  if (control === undefined) throw new NoStack(`The stack of ${file} is not ready yet.`);
  return { control, processes };
}

/** The processes that a name, or a name with the number of a replica, stands for. */
function choose(text: string, processes: Process[]): Process[] {
  const chosen = processes.filter(({ name, replica }) => text === name || text === `${name}-${replica}`);
  if (chosen.length > 0) return chosen;
  const known = [...new Set(processes.map(({ name }) => name))].join(', ');
  throw new UsageError(`There is no ${text} here, but ${known}.`);
}

async function ask(socketPath: string, { name, replica }: Process): Promise<z.infer<typeof Answer>> {
  const sent = request({ socketPath, method: 'POST', path: '/restart' });
  sent.end(JSON.stringify({ name, replica }));
  try {
    const [response]: IncomingMessage[] = await once(sent, 'response');
    return response ? Answer.parse(await json(response)) : { error: 'no answer' };
  } catch (error) {
    throw new NoStack(
      `The stack does not answer on ${socketPath} (${error instanceof Error ? error.message : error}).`,
    );
  }
}
