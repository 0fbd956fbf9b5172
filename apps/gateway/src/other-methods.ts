import http from 'node:http';
import { allEndpoints, AppError } from '@souk/contracts';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problem.filter.ts';

// CONNECT never becomes a request.
const METHODS = http.METHODS.filter((method) => method !== 'CONNECT');

/** Answers 405 with `Allow` where the path is known and the method is not (RFC 9110 §15.5.6). */
export function addOtherMethods(fastify: FastifyInstance): void {
  for (const method of METHODS) if (!fastify.supportedMethods.includes(method)) fastify.addHttpMethod(method);
  for (const [url, allowed] of allowedMethods()) {
    const allow = allowed.join(', ');
    fastify.route({
      method: METHODS.filter((method) => !allowed.includes(method)),
      url,
      // Before the body is read: what it is sent as does not matter.
      onRequest: (request, reply) =>
        sendProblem(new AppError('METHOD_NOT_ALLOWED'), request, reply.header('allow', allow)),
      handler: (_request, reply) => reply,
    });
  }
}

function allowedMethods(): Map<string, string[]> {
  const allowed = new Map<string, string[]>();
  for (const { method, path } of allEndpoints) {
    // Fastify answers HEAD by the route of GET.
    const methods = method === 'GET' ? ['GET', 'HEAD'] : [method];
    allowed.set(path, [...(allowed.get(path) ?? []), ...methods]);
  }
  return allowed;
}
