import { z } from 'zod';
import { on } from '../facts.ts';
import { gauge } from './metric.ts';
import { TalliedHistogram } from './tally.ts';

const Command = z.object({ command: z.string(), collection: z.string(), outcome: z.string(), seconds: z.number() });
const Pool = z.object({ size: z.number(), inUse: z.number(), waiting: z.number() });
const Checkout = z.object({ outcome: z.string(), seconds: z.number() });

/** What MongoDB was asked, and the connections to it. */
export function storeMetrics(): void {
  const labels = ['command', 'collection', 'outcome'] as const;
  const commands = new TalliedHistogram('souk_mongo_command_seconds', 'Commands to MongoDB', labels);
  on('souk:mongo:command', Command, ({ command, collection, outcome, seconds }) =>
    commands.record({ command, collection, outcome }, seconds),
  );
  const connections = gauge('souk_mongo_connections', 'Connections to MongoDB', ['state']);
  on('souk:mongo:pool', Pool, ({ size, inUse, waiting }) => {
    connections.set({ state: 'idle' }, size - inUse);
    connections.set({ state: 'used' }, inUse);
    connections.set({ state: 'wanted' }, waiting);
  });
  const checkouts = new TalliedHistogram('souk_mongo_checkout_seconds', 'Waits for a connection to MongoDB', [
    'outcome',
  ]);
  on('souk:mongo:checkout', Checkout, ({ outcome, seconds }) => checkouts.record({ outcome }, seconds));
}
