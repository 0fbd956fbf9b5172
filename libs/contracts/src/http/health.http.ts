import { z } from 'zod';
import { endpoint } from '../endpoint.ts';

/** `degraded` names what is away although this process can still answer; 503 speaks of this process alone. */
export const Health = z
  .looseObject({
    status: z.enum(['ok', 'degraded', 'error', 'shutting_down']),
    degraded: z.array(z.string()),
  })
  .meta({ id: 'Health' });
export type Health = z.infer<typeof Health>;

const health = (path: `/${string}`, summary: string) =>
  endpoint('GET', path, { summary, tag: 'Health', access: 'public', response: Health, priority: 'always' });

export const healthEndpoints = {
  summary: health('/health', 'How the system is'),
  live: health('/health/live', 'Whether this process runs'),
  ready: health('/health/ready', 'Whether this process takes requests'),
};
