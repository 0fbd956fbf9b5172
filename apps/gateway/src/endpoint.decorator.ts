import {
  applyDecorators,
  createParamDecorator,
  Delete,
  type ExecutionContext,
  Get,
  HttpCode,
  Patch,
  Post,
  SetMetadata,
} from '@nestjs/common';
import { Public, Roles } from '@souk/auth';
import type {
  Access,
  Endpoint as EndpointContract,
  EndpointInput,
  EndpointResponse,
  HttpMethod,
} from '@souk/contracts';
import type { FastifyRequest } from 'fastify';
import { validatedInput } from './validated-input.ts';

const routeOf = { GET: Get, POST: Post, PATCH: Patch, DELETE: Delete } as const satisfies Record<HttpMethod, unknown>;
const accessOf: Record<Access, MethodDecorator[]> = { public: [Public()], user: [], admin: [Roles('admin')] };

/** Metadata key under which a route handler names its endpoint. */
export const ENDPOINT = 'souk:endpoint';

type Route<E extends EndpointContract> = (
  input: EndpointInput<E>,
  ...rest: never[]
) => Promise<EndpointResponse<E>> | EndpointResponse<E>;

/**
 * Binds a controller method to an endpoint: its route, status, access and validation. The method's first parameter is
 * `@Input()`; one of another shape does not compile.
 */
export const Endpoint =
  <E extends EndpointContract>(endpoint: E) =>
  <H extends Route<E>>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<H>): void =>
    applyDecorators(
      routeOf[endpoint.method](endpoint.path),
      HttpCode(endpoint.status),
      SetMetadata(ENDPOINT, endpoint),
      ...accessOf[endpoint.access],
    )(target, key, descriptor);

/** What the request carries, validated by the endpoint's schemas: `{ params, query, headers, body }`. */
export const Input = createParamDecorator((_: unknown, context: ExecutionContext) =>
  validatedInput(context.switchToHttp().getRequest<FastifyRequest>(), endpointOf(context)),
);

export const endpointOf = (context: ExecutionContext): EndpointContract =>
  Reflect.getMetadata(ENDPOINT, context.getHandler());
