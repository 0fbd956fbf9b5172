import { allEndpoints, type Endpoint, productEndpoints } from '@souk/contracts';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** What is asked for, known before Nest sees the request; undefined where there is no such route. */
    endpoint: Endpoint | undefined;
  }
}

const endpoints = new Map(allEndpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint]));

/** Looks up once what each request asks for; HEAD is answered by the route of GET. */
export function addRequestedEndpoint(fastify: FastifyInstance): void {
  fastify.decorateRequest('endpoint', undefined);
  fastify.addHook('onRequest', (request, _, done) => {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    request.endpoint = endpoints.get(`${method} ${request.routeOptions.url}`);
    done();
  });
}

const cached = new Set<Endpoint>([productEndpoints.list, productEndpoints.get, productEndpoints.categories]);

/** Whether a cache may have the answer. */
export const isCached = (endpoint: Endpoint): boolean => cached.has(endpoint);
