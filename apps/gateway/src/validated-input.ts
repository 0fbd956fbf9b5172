import { AppError, type Endpoint, type EndpointInput, parseOrRefuse } from '@souk/contracts';
import type { FastifyRequest } from 'fastify';

const inputs = new WeakMap<FastifyRequest, unknown>();

/** Parses a request once, however many ask: the cache for its key, the handler for its arguments. */
export function validatedInput<E extends Endpoint>(request: FastifyRequest, endpoint: E): EndpointInput<E> {
  const known = inputs.get(request);
  if (known !== undefined) return known as EndpointInput<E>;
  const input = parse(request, endpoint);
  inputs.set(request, input);
  return input as EndpointInput<E>;
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
