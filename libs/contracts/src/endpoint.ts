import { z } from 'zod';
import type { ErrorCode } from './errors.ts';
import type { Priority } from './priority.ts';

/** Who may call: anybody, whoever holds a valid access token, or an admin. */
export type Access = 'public' | 'user' | 'admin';
export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE';

interface EndpointOptions<
  P extends z.ZodType,
  Q extends z.ZodType,
  H extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
> {
  summary: string;
  tag: string;
  access: Access;
  params?: P;
  query?: Q;
  /** The headers it reads, by their names in lower case; others are not looked at. */
  headers?: H;
  body?: B;
  /** Media types of a body that is not JSON but a stream, handed on as it arrives. */
  consumes?: readonly string[];
  status?: number;
  response: R;
  errors?: readonly ErrorCode[];
  /** A success may be the stored answer of an earlier try, and says so by `Idempotent-Replayed: true`. */
  replayable?: boolean;
  /** What it gives way to when there is too much of everything; `always`: to nothing. The lowest by default. */
  priority?: Priority | 'always';
}

const Nothing = z.strictObject({});
const NoHeaders = z.object({});
// A request without a body reaches Fastify's handlers as null or undefined.
const NoBody = z.unknown().transform(() => ({}));

/** One operation of the HTTP API: the gateway's route, its validation and its OpenAPI entry come from this value. */
export function endpoint<
  R extends z.ZodType,
  P extends z.ZodType = typeof Nothing,
  Q extends z.ZodType = typeof Nothing,
  H extends z.ZodType = typeof NoHeaders,
  B extends z.ZodType = typeof NoBody,
>(method: HttpMethod, path: `/${string}`, options: EndpointOptions<P, Q, H, B, R>) {
  const { summary, tag, access, response, params, query, headers, body } = options;
  const { status = 200, errors = [], replayable = false, priority = 'catalogue', consumes } = options;
  const input = z.object({
    params: params ?? Nothing,
    query: query ?? Nothing,
    headers: headers ?? NoHeaders,
    body: body ?? NoBody,
  });
  return Object.freeze({
    method,
    path,
    summary,
    tag,
    access,
    status,
    response,
    errors,
    input: input as z.ZodObject<{ params: P; query: Q; headers: H; body: B }>,
    hasBody: body !== undefined,
    consumes,
    replayable,
    priority,
  });
}

export interface Endpoint {
  readonly method: HttpMethod;
  readonly path: `/${string}`;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  readonly status: number;
  readonly response: z.ZodType;
  readonly errors: readonly ErrorCode[];
  readonly input: z.ZodObject<{ params: z.ZodType; query: z.ZodType; headers: z.ZodType; body: z.ZodType }>;
  readonly hasBody: boolean;
  readonly consumes: readonly string[] | undefined;
  readonly replayable: boolean;
  readonly priority: Priority | 'always';
}

/** What a controller method receives: `{ params, query, headers, body }`, validated. */
export type EndpointInput<E extends Endpoint> = z.output<E['input']>;
/** What a controller method answers. */
export type EndpointResponse<E extends Endpoint> = z.input<E['response']>;

/** A query value that is a number or a boolean, written as text. Anything else is left for the schema to refuse. */
export const fromQuery = <S extends z.ZodType>(schema: S) => z.preprocess(readQueryValue, schema);

function readQueryValue(value: unknown): unknown {
  if (value === 'true') return true;
  if (value === 'false') return false;
  return typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value;
}
