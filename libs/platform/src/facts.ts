import { subscribe } from 'node:diagnostics_channel';
import { z } from 'zod';

/**
 * Listens to the facts of a channel. The first of them is checked: one of another shape is a mistake of ours, and throws. All come from
 * one place, and some a thousand times a second.
 */
export function on<S extends z.ZodType>(channel: string, schema: S, listener: (fact: z.output<S>) => void): void {
  let isChecked = false;
  subscribe(channel, (message) => {
    if (!isChecked) schema.parse(message);
    isChecked = true;
    listener(message as z.output<S>);
  });
}

const Breaker = z.object({ target: z.string(), state: z.string() });

/** Listens to the breakers of this process: each state a target's has, at its first call and when it changes. */
export const onBreaker = (listener: (breaker: z.infer<typeof Breaker>) => void): void =>
  on('souk:breaker', Breaker, listener);
