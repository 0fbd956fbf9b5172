import { z } from 'zod';
import { endpoint } from '../endpoint.ts';

/** `degraded` names what is away although this process can still answer. */
export const Health = z.object({ status: z.enum(['ok', 'degraded', 'unavailable']), degraded: z.array(z.string()) });
export type Health = z.infer<typeof Health>;

const health = (path: `/${string}`, summary: string) =>
  endpoint('GET', path, { summary, tag: 'Health', access: 'public', response: Health });

export const healthEndpoints = {
  summary: health('/health', 'How the system is'),
  live: health('/health/live', 'Whether this process runs'),
  ready: health('/health/ready', 'Whether this process takes requests'),
};
