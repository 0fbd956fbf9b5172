import type { Principal } from '@souk/auth';
import { healthEndpoints } from '@souk/contracts';
import { announceRequest, endSpan, type SpanFact } from '@souk/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** When it arrived, by `performance.now()`. */
    startedAt: number;
    isAnnounced: boolean;
    user?: Principal;
  }
}

const HEALTH = healthEndpoints.ready.tag;

/** Notes when each request arrives; what ends at once (`endNow`) tells so itself. */
export function addRequestStart(fastify: FastifyInstance): void {
  fastify.decorateRequest('startedAt', 0);
  fastify.decorateRequest('isAnnounced', false);
  fastify.addHook('onRequest', (request, _, done) => {
    request.startedAt = performance.now();
    done();
  });
}

/** Tells of each other request when its answer has been sent. */
export function addRequestEnd(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, { raw }, done) => {
    raw.once('finish', () => announceEnd(request, raw.statusCode));
    done();
  });
}

/**
 * Tells of a request that it was answered, unless that has been told. What is no route of ours is `other`, so that no client
 * can make up labels. Routine is what was refused for lack of room, and health.
 */
export function announceEnd(request: FastifyRequest, status: number, isRoutine = false): void {
  if (request.isAnnounced) return;
  request.isAnnounced = true;
  const { id: requestId, user, endpoint, startedAt, span } = request;
  if (span) endWith(span, status);
  announceRequest({
    requestId,
    userId: user?.userId,
    method: endpoint?.method ?? 'other',
    route: endpoint?.path ?? 'other',
    status,
    seconds: (performance.now() - startedAt) / 1_000,
    isRoutine: isRoutine || endpoint?.tag === HEALTH,
  });
}

function endWith(span: SpanFact, status: number): void {
  span.attributes['http.response.status_code'] = status;
  if (status >= 500) span.outcome = String(status);
  endSpan(span);
}
