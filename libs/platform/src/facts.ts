import { subscribe } from 'node:diagnostics_channel';
import { z } from 'zod';

/** Listens to the facts of a channel; one of another shape is a mistake of ours and throws. */
export function on<S extends z.ZodType>(channel: string, schema: S, listener: (fact: z.output<S>) => void): void {
  subscribe(channel, (message) => listener(schema.parse(message)));
}

const Breaker = z.object({ target: z.string(), state: z.string() });

/** Listens to the breakers of this process: each state a target's has, at its first call and when it changes. */
export const onBreaker = (listener: (breaker: z.infer<typeof Breaker>) => void): void =>
  on('souk:breaker', Breaker, listener);
