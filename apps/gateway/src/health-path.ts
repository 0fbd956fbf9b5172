import { healthEndpoints } from '@souk/contracts';
import type { HealthReport, HealthService } from '@souk/platform';
import type { FastifyInstance } from 'fastify';
import { encodedOnce } from './encoded-once.ts';
import { endNow } from './end-now.ts';

const paths = new Set<string>([healthEndpoints.summary.path, healthEndpoints.ready.path]);

/** Answers whoever asks for the health of a ready gateway with the report made for another a moment ago. */
export function addHealthPath(fastify: FastifyInstance, health: Pick<HealthService, 'recent'>): void {
  fastify.addHook('onRequest', ({ method, url }, reply, done) => {
    const report = method === 'GET' && paths.has(url) ? health.recent() : undefined;
    if (!report) return done();
    const body = bytesOf(report);
    endNow(reply, 200, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length }, body);
  });
}

const bytesOf = encodedOnce((report: HealthReport) => JSON.stringify(report));
