import { beginSpan, runInContext, safeRequestId, type SpanFact } from '@souk/platform';
import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { dataHeaders } from './security-headers.ts';

/** Milliseconds in which the gateway answers (DESIGN §4). */
const REQUEST_TIMEOUT_MS = 3_000;

/** Who answers, instead of what software does. */
export const SERVER = 'souk';

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Fastify's request id: the caller's own where it is safe to log. */
export const requestIdOf = (request: IncomingMessage): string => safeRequestId(single(request.headers['x-request-id']));

/** What every answer has. Nobody between here and its caller may keep it but where it says so itself. */
export const commonHeaders = { server: SERVER, 'cache-control': 'no-store', ...dataHeaders() };

export function addCommonHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(commonHeaders).header('x-request-id', request.id);
    done();
  });
}

declare module 'fastify' {
  interface FastifyRequest {
    span: SpanFact | undefined;
  }
}

/** Gives each request its context, and traces it. */
export function addRequestContext(fastify: FastifyInstance): void {
  fastify.decorateRequest('span', undefined);
  fastify.addHook('onRequest', (request, _, done) => {
    const offered = single(request.headers.traceparent);
    const traceparent = offered && TRACEPARENT.test(offered) ? offered : undefined;
    const { method = 'other', path = 'other' } = request.endpoint ?? {};
    const attributes = { 'http.request.method': method, 'http.route': path };
    const span: SpanFact = { name: `${method} ${path}`, kind: 'server', attributes, parent: traceparent };
    request.span = span;
    const deadline = Date.now() + REQUEST_TIMEOUT_MS;
    beginSpan(span, () =>
      runInContext({ requestId: request.id, traceparent: span.traceparent ?? traceparent, deadline }, done),
    );
  });
}

const single = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined;
