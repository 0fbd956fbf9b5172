import type { TappedCall } from '@souk/contracts';

/** A call and those that its handler made meanwhile. */
export interface Branch {
  call: TappedCall;
  nested: Branch[];
}

/** Clocks of several hosts, and the time a message is on its way. */
const TOLERANCE_MS = 5;

/** The calls of one request as trees: a call belongs to the shortest one that was handled by its caller around it. */
export function treesOf(calls: readonly TappedCall[]): Branch[] {
  const branches = calls.toSorted((a, b) => begin(a) - begin(b)).map((call): Branch => ({ call, nested: [] }));
  return branches.filter((branch) => {
    const parent = parentOf(branch.call, branches);
    parent?.nested.push(branch);
    return parent === undefined;
  });
}

function parentOf(child: TappedCall, branches: readonly Branch[]): Branch | undefined {
  return branches
    .filter(
      ({ call }) =>
        call !== child && call.seenBy === 'handler' && serviceOf(call) === child.caller && isAround(call, child),
    )
    .toSorted((a, b) => a.call.milliseconds - b.call.milliseconds)[0];
}

const begin = ({ at }: TappedCall): number => Date.parse(at);
const serviceOf = ({ subject }: TappedCall): string => subject.slice(0, subject.indexOf('.'));
const isAround = (outer: TappedCall, inner: TappedCall): boolean =>
  begin(outer) <= begin(inner) + TOLERANCE_MS &&
  begin(inner) + inner.milliseconds <= begin(outer) + outer.milliseconds + TOLERANCE_MS;
