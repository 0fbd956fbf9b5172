import { AppError, type Endpoint, type EndpointInput, parseOrRefuse } from '@souk/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** What `validatedInput` has made of it. */
    validated: unknown;
  }
}

export const addValidatedInput = (fastify: FastifyInstance): void => void fastify.decorateRequest('validated');

/** Parses a request once, however many ask: the cache for its key, the handler for its arguments. */
export function validatedInput<E extends Endpoint>(request: FastifyRequest, endpoint: E): EndpointInput<E> {
  request.validated ??= parse(request, endpoint);
  return request.validated as EndpointInput<E>;
}

function parse(request: FastifyRequest, { input, hasBody }: Endpoint): unknown {
  const { params, query, headers, body } = input.shape;
  if (hasBody && (typeof request.body !== 'object' || request.body === null)) {
    throw new AppError('MALFORMED_REQUEST', { message: 'Send a JSON object as application/json.' });
  }
  return {
    params: parseOrRefuse(params, request.params),
    query: parseOrRefuse(query, request.query),
    headers: parseOrRefuse(headers, request.headers),
    body: parseOrRefuse(body, request.body),
  };
}
