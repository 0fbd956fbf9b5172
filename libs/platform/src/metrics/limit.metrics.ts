import { Gauge } from 'prom-client';
import { z } from 'zod';
import { on } from '../facts.ts';
import { counter } from './metric.ts';

const Shed = z.object({ name: z.string(), priority: z.string(), reason: z.string() });
const InFlight = z.object({ name: z.string(), inFlight: z.number(), waiting: z.number() });

/** What is under way, what waits, and what was not begun. */
export function limitMetrics(): void {
  const sheds = counter('souk_sheds_total', 'Work not begun', ['limit', 'priority', 'reason']);
  // Told at each start and end; looked at when it is scraped.
  const states = new Map<string, z.infer<typeof InFlight>>();
  on('souk:inFlight', InFlight, (state) => void states.set(state.name, state));
  const collected = (name: string, help: string, of: (state: z.infer<typeof InFlight>) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['limit'],
      collect() {
        for (const [limit, state] of states) this.set({ limit }, of(state));
      },
    });
  collected('souk_in_flight', 'Work begun and not ended', ({ inFlight }) => inFlight);
  collected('souk_waiting', 'Work that waits for a place', ({ waiting }) => waiting);
  on('souk:shed', Shed, ({ name: limit, priority, reason }) => sheds.inc({ limit, priority, reason }));
}
