import { healthEndpoints } from '@souk/contracts';
import type { HealthReport, HealthService } from '@souk/platform';
import type { FastifyInstance } from 'fastify';
import { encodedOnce } from './encoded-once.ts';
import { endNow, isPlainGet } from './end-now.ts';

const paths = new Set<string>([healthEndpoints.summary.path, healthEndpoints.ready.path]);

/** Answers whoever asks for the health of a ready gateway with the report made for another a moment ago. */
export function addHealthPath(fastify: FastifyInstance, health: Pick<HealthService, 'recent'>): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const report = isPlainGet(request) && paths.has(request.url) ? health.recent() : undefined;
    if (!report) return done();
    endNow(reply, 200, { 'content-type': 'application/json; charset=utf-8' }, bytesOf(report));
  });
}

const bytesOf = encodedOnce((report: HealthReport) => JSON.stringify(report));
