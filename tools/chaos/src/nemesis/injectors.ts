import type { Heal } from '../proxy/link.ts';
import type { Wires } from '../proxy/wires.ts';
import type { Fault, FaultKind } from './fault.ts';
import { flushAll } from './flush.ts';
import type { Redeliverer } from './redeliverer.ts';

/** What the nemesis works on. */
export type Victims = {
  wires: Wires;
  redeliverer: Redeliverer;
  redisUrl: string | undefined;
  /** The pid of now of a process (`order-2`); undefined while it is down. */
  pidOf: (name: string) => number | undefined;
};

/** Applies a fault. Answers what undoes it, or undefined where there was nothing to hurt. */
type Injector = (fault: Fault, victims: Victims) => Heal | undefined | Promise<Heal | undefined>;

const nothing: Heal = () => undefined;

export const injectors: Record<FaultKind, Injector> = {
  kill: signalling('SIGKILL'),
  term: signalling('SIGTERM'),
  stop: ({ target }, { pidOf }) => {
    const pid = pidOf(target);
    if (pid === undefined || !signal(pid, 'SIGSTOP')) return undefined;
    return () => void signal(pid, 'SIGCONT');
  },
  flush: async (_fault, { redisUrl }) => (redisUrl !== undefined && (await flushAll(redisUrl)) ? nothing : undefined),
  latency: ({ target, strength }, { wires }) => {
    // Half of them within what the deadlines bear, the others up to seconds.
    const ms = strength < 0.5 ? 20 + strength * 600 : 500 + (strength - 0.5) * 7_000;
    return wires.named(target).link.delay(ms, ms / 3);
  },
  blackhole: ({ target }, { wires }) => wires.named(target).link.hold(['up', 'down']),
  oneway: ({ target }, { wires }) => wires.named(target).link.hold(['down']),
  reset: ({ target }, { wires }) => (wires.named(target).link.reset() > 0 ? nothing : undefined),
  halfclose: ({ target, strength }, { wires }) =>
    wires.named(target).link.halfClose(strength < 0.5 ? 'up' : 'down') > 0 ? nothing : undefined,
  refuse: ({ target }, { wires }) => wires.named(target).link.refuse(),
  redeliver: ({ strength }, { redeliverer }) => redeliverer.start(0.1 + strength * 0.4),
};

function signalling(name: NodeJS.Signals): Injector {
  return ({ target }, { pidOf }) => {
    const pid = pidOf(target);
    return pid !== undefined && signal(pid, name) ? nothing : undefined;
  };
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
