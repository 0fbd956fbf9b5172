import { z } from 'zod';
import { on } from '../facts.ts';
import { counter, gauge } from './metric.ts';

const Shed = z.object({ name: z.string(), priority: z.string(), reason: z.string() });
const InFlight = z.object({ name: z.string(), inFlight: z.number(), waiting: z.number() });

/** What is under way, what waits, and what was not begun. */
export function limitMetrics(): void {
  const inFlight = gauge('souk_in_flight', 'Work begun and not ended', ['limit']);
  const waiting = gauge('souk_waiting', 'Work that waits for a place', ['limit']);
  const sheds = counter('souk_sheds_total', 'Work not begun', ['limit', 'priority', 'reason']);
  on('souk:inFlight', InFlight, (state) => {
    inFlight.set({ limit: state.name }, state.inFlight);
    waiting.set({ limit: state.name }, state.waiting);
  });
  on('souk:shed', Shed, ({ name: limit, priority, reason }) => sheds.inc({ limit, priority, reason }));
}
