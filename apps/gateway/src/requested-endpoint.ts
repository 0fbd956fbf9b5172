import { allEndpoints, type Endpoint, productEndpoints } from '@souk/contracts';
import type { FastifyRequest } from 'fastify';

const endpoints = new Map(allEndpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint]));

/** What a request asks for, before Nest sees it; HEAD is answered by the route of GET. */
export const requestedEndpoint = ({ method, routeOptions: { url } }: FastifyRequest): Endpoint | undefined =>
  endpoints.get(`${method === 'HEAD' ? 'GET' : method} ${url}`);

const cached = new Set<Endpoint>([productEndpoints.list, productEndpoints.get, productEndpoints.categories]);

/** Whether a cache may have the answer. */
export const isCached = (endpoint: Endpoint): boolean => cached.has(endpoint);
