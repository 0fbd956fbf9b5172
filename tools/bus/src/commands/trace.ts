import type { TappedCall } from '@souk/contracts';
import { subjectsOf } from '../arguments.ts';
import { isWanted, listen } from '../tapping.ts';
import { ms, short } from '../text.ts';
import { type Branch, treesOf } from '../tree.ts';
import type { Command } from './command.ts';

/** A request that was not heard of for so long is taken to be over. */
const QUIET_MS = 500;

/** Requests as trees. A tree is shown whole when one of its calls is wanted. */
export const trace: Command = async ({ bus, options, print, say, signal }) => {
  const requests = new Map<string, { calls: TappedCall[]; timer: NodeJS.Timeout }>();
  const wanted = new Set(subjectsOf(options.operands));
  const show = (requestId: string) => {
    const { calls = [] } = requests.get(requestId) ?? {};
    requests.delete(requestId);
    if (!calls.some((call) => isWanted(call, options) && (wanted.size === 0 || wanted.has(call.subject)))) return;
    print(options.json ? JSON.stringify({ requestId, trees: treesOf(calls) }) : drawn(requestId, treesOf(calls)));
  };
  say('listening; Ctrl-C ends it');
  await listen(bus, [], signal, (call) => {
    const { calls = [], timer } = requests.get(call.requestId) ?? {};
    clearTimeout(timer);
    requests.set(call.requestId, { calls: [...calls, call], timer: setTimeout(show, QUIET_MS, call.requestId) });
  });
  for (const requestId of requests.keys()) show(requestId);
  return 0;
};

function drawn(requestId: string, trees: readonly Branch[]): string {
  return [`request ${requestId}`, ...drawnUnder('', trees.map(lineOfBranch)), ''].join('\n');
}

interface Drawn {
  line: string;
  under: Drawn[];
}

function lineOfBranch({ call, nested }: Branch): Drawn {
  const { caller, subject, replica, milliseconds, outcome, store } = call;
  const where = replica === null ? '' : `  (${short(replica)})`;
  const stored = store.map(({ command, milliseconds: took, outcome: ended }) => ({
    line: `store ${command}  ${ms(took)}${ended === 'ok' ? '' : '  failed'}`,
    under: [],
  }));
  const line = `${caller ?? 'by hand'} → ${subject}  ${ms(milliseconds)}  ${outcome}${where}`;
  return { line, under: [...nested.map(lineOfBranch), ...stored] };
}

function drawnUnder(indent: string, all: readonly Drawn[]): string[] {
  return all.flatMap(({ line, under }, index) => {
    const isLast = index === all.length - 1;
    return [`${indent}${isLast ? '└─' : '├─'} ${line}`, ...drawnUnder(`${indent}${isLast ? '   ' : '│  '}`, under)];
  });
}
