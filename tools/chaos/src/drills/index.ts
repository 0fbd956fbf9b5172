import { type Layout, System } from '../system.ts';
import type { Drill, Figure } from './drill.ts';
import { natsOutage, redisOutage, userOutage } from './outages.ts';
import { overload } from './overload.ts';
import { policyCost } from './policy-cost.ts';
import { drain, durability } from './processes.ts';
import { frozenReplica, killedReplica, rollingRestart } from './replicas.ts';
import { slowStore } from './scale.ts';
import { abandonedHold, buyers, oneKey, rush } from './selling.ts';

/** Every promise of docs/reliability.md that has a figure, by the name `--drill` takes. */
export const drills: Readonly<Record<string, Drill>> = {
  buyers,
  rush,
  'one-key': oneKey,
  'abandoned-hold': abandonedHold,
  overload,
  'killed-replica': killedReplica,
  'rolling-restart': rollingRestart,
  'frozen-replica': frozenReplica,
  'nats-outage': natsOutage,
  'redis-outage': redisOutage,
  'user-outage': userOutage,
  drain,
  durability,
  'policy-cost': policyCost,
  'slow-store': slowStore,
};

type Surroundings = { say: (line: string) => void; signal: AbortSignal };

/** What the drills of these names measured, each on a stack of its own. Throws where there is no such drill. */
export async function runDrills(names: readonly string[], { say, signal }: Surroundings): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const name of names) {
    const drill = drills[name];
    if (!drill) throw new RangeError(`There is no drill ${name}; there are ${Object.keys(drills).join(', ')}.`);
    say(drill.title);
    const systems: System[] = [];
    const start = async (layout?: Layout) => {
      const system = await System.start(say, signal, layout);
      systems.push(system);
      return system;
    };
    try {
      figures.push(...(await drill.run({ system: await start(drill.layout), start, say })));
    } finally {
      await Promise.all(systems.map((system) => system.stop()));
    }
  }
  return figures;
}

/** A table for people. */
export function drillTable(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ name }) => name.length));
  const row = ({ name, measured, goal, isMet }: Figure) =>
    `${isMet ? '✓' : '✗'} ${name.padEnd(width)}  ${measured.padStart(14)}  ${goal}`;
  return figures.map(row).join('\n');
}
