import { setTimeout as pause } from 'node:timers/promises';
import { drainAsked } from '@souk/contracts';
import { UsageError } from '@souk/stack';
import type { Bus, Replica } from '../bus.ts';
import type { Command } from './command.ts';

/** A drain ends within 10 s (DESIGN §4). */
const PATIENCE_MS = 12_000;

/** Has a replica finish what it has begun and go, and waits until it has. */
export const drain: Command = async ({ bus, options: { operands, json }, print, say }) => {
  const start = performance.now();
  const replica = await chosen(bus, operands[0] ?? '');
  bus.announce(drainAsked, { replica: replica.id });
  while (await isThere(bus, replica)) {
    if (performance.now() - start > PATIENCE_MS) {
      say(`${replica.name} ${replica.id} is still there after ${PATIENCE_MS / 1_000} s.`);
      return 1;
    }
    await pause(100);
  }
  const seconds = Number(((performance.now() - start) / 1_000).toFixed(1));
  print(
    json
      ? JSON.stringify({ service: replica.name, replica: replica.id, seconds })
      : `${replica.name} ${replica.id} has left the bus`,
  );
  return 0;
};

async function chosen(bus: Bus, wanted: string): Promise<Replica> {
  const replicas = await bus.replicas();
  const fitting = replicas.filter(({ id }) => wanted !== '' && (id.startsWith(wanted) || id.endsWith(wanted)));
  const [one] = fitting;
  if (one && fitting.length === 1) return one;
  const known = replicas.map(({ name, id }) => `  ${name} ${id}`).join('\n');
  throw new UsageError(
    `${wanted || 'Nothing'} ${one ? 'stands for several replicas' : 'is no replica'} here:\n${known}`,
  );
}

const isThere = async (bus: Bus, { name, id }: Replica): Promise<boolean> =>
  (await bus.ping(name)).some((each) => each.id === id);
