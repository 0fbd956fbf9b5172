import { healthEndpoints, type Endpoint } from '@souk/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendProblem } from './problem.filter.ts';
import { announceLimit, rateLimited } from './rate-limit.headers.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { generalLimit } from './rate-limits.ts';
import { isCached } from './requested-endpoint.ts';

const POLICY = { policy: 'general', window: generalLimit.burst / generalLimit.perSecond };
const health = new Set<Endpoint>(Object.values(healthEndpoints));

/** Counts every request of an address, whatever becomes of it: one without a token, without a route, or refused later on. */
export function addGeneralLimit(fastify: FastifyInstance, limiter: RateLimiter): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isUncounted(request)) return done();
    const verdict = limiter.takeGeneral(request.ip);
    announceLimit(reply, { ...POLICY, ...verdict });
    if (verdict.allowed) done();
    else sendProblem(rateLimited(verdict), request, reply);
  });
}

// A cached read counts only when it misses, so the cache asks for it; and its answer carries no client's headers.
function isUncounted({ endpoint }: FastifyRequest): boolean {
  return endpoint !== undefined && (health.has(endpoint) || isCached(endpoint));
}
