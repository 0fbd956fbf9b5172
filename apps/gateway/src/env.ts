import { verifyingVariables, withKeyRing } from '@souk/auth';
import { REDIS_URL } from '@souk/cache';
import { commaList, portOf, serviceEnv } from '@souk/platform';
import { z } from 'zod';

const variables = serviceEnv.extend({
  PORT: portOf(3000),
  OPS_PORT: portOf(3004),
  ...verifyingVariables,
  REDIS_URL: z.string().regex(REDIS_URL, 'Use redis://host:port, or redis+sentinel://host:port,…/name.').optional(),
  REDIS_HOST: z.string().optional(),
  /** How long catalogue reads are cached, at most; 0: not at all, to measure what is behind. */
  CATALOGUE_TTL_MS: z.coerce.number().int().min(0).max(300_000).default(300_000),
  /** Multiplies every rate limit; for load tests. */
  RATE_LIMIT_FACTOR: z.coerce.number().positive().default(1),
  /** Whose X-Forwarded-For is believed: addresses or networks, never everybody's. */
  TRUST_PROXY: commaList.default(['loopback']),
  CORS_ORIGINS: commaList.default([]),
});

export const GatewayEnv = variables
  .refine(({ NODE_ENV, RATE_LIMIT_FACTOR }) => NODE_ENV !== 'production' || RATE_LIMIT_FACTOR === 1, {
    path: ['RATE_LIMIT_FACTOR'],
    message: 'Production keeps its rate limits: leave it at 1.',
  })
  .transform(({ REDIS_HOST, ...env }) => ({
    ...env,
    REDIS_URL: env.REDIS_URL ?? (REDIS_HOST && `redis://${REDIS_HOST}:6379`),
  }))
  .transform(withKeyRing);
export type GatewayEnv = z.output<typeof GatewayEnv>;

/** Injects the environment. */
export const ENV = Symbol('ENV');
