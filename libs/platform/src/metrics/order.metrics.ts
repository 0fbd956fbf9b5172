import { z } from 'zod';
import { on } from '../facts.ts';
import { counter } from './metric.ts';

const Step = z.object({ step: z.string() });

/** The steps of the order protocol (DESIGN §5). */
export function orderMetrics(): void {
  const steps = counter('souk_order_steps_total', 'Order protocol steps', ['step']);
  on('souk:order:step', Step, ({ step }) => steps.inc({ step }));
}
