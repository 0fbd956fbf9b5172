import { z } from 'zod';
import type { Access, Endpoint } from './endpoint.ts';
import { allEndpoints } from './endpoints.ts';
import { type ErrorCode, errorTable } from './errors.ts';
import { type Json, schemaOf } from './json-schema.ts';
import { Problem } from './problem.ts';

const BEARER = 'accessToken';
const JSON_TYPE = 'application/json';
const PROBLEM_TYPE = 'application/problem+json';

const alwaysPossible: readonly ErrorCode[] = ['RATE_LIMITED', 'INTERNAL', 'SERVICE_UNAVAILABLE', 'DEADLINE_EXCEEDED'];
const errorsOfAccess: Record<Access, readonly ErrorCode[]> = {
  public: [],
  user: ['UNAUTHENTICATED', 'TOKEN_EXPIRED'],
  admin: ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'FORBIDDEN'],
};

/** The HTTP API as an OpenAPI 3.1 document, made of the schemas that validate it. */
export function openApiDocument(): Json {
  const schemas: Json = {};
  const problem = schemaOf(Problem, 'output', schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Souk',
      version: '0.1.0',
      description: 'Prices are decimal numbers in the currency beside them. Errors are RFC 9457 problem documents.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(allEndpoints.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: pathsOf(schemas, problem),
    components: { securitySchemes: { [BEARER]: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } }, schemas },
  };
}

function pathsOf(schemas: Json, problem: Json): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of allEndpoints) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(endpoint, schemas, problem) };
  }
  return paths;
}

function operationOf(endpoint: Endpoint, schemas: Json, problem: Json): Json {
  return {
    operationId: operationIdOf(endpoint),
    summary: endpoint.summary,
    tags: [endpoint.tag],
    ...(endpoint.access !== 'public' && { security: [{ [BEARER]: [] }] }),
    parameters: places.flatMap((place) => parametersOf(endpoint, place, schemas)),
    ...(endpoint.hasBody && {
      requestBody: { required: true, content: contentOf(endpoint, schemas) },
    }),
    responses: { [endpoint.status]: successOf(endpoint, schemas), ...failuresOf(endpoint, problem) },
  };
}

function contentOf({ input, consumes }: Endpoint, schemas: Json): Json {
  const schema = schemaOf(input.shape.body, 'input', schemas);
  return Object.fromEntries((consumes ?? [JSON_TYPE]).map((type) => [type, { schema }]));
}

const operationIdOf = ({ method, path }: Endpoint): string =>
  `${method.toLowerCase()}${path.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase())}`;

const places = ['params', 'query', 'headers'] as const;
const inOf = { params: 'path', query: 'query', headers: 'header' } as const;

function parametersOf(endpoint: Endpoint, place: keyof typeof inOf, schemas: Json): Json[] {
  const { properties = {}, required = [] } = ParameterSchema.parse(
    schemaOf(endpoint.input.shape[place], 'input', schemas),
  );
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: inOf[place],
    required: required.includes(name),
    schema,
  }));
}

const ParameterSchema = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
});

function successOf({ status, response, summary, replayable }: Endpoint, schemas: Json): Json {
  if (status === 204) return { description: summary };
  return {
    description: summary,
    ...(replayable && { headers: { 'Idempotent-Replayed': replayedHeader } }),
    content: { [JSON_TYPE]: { schema: schemaOf(response, 'output', schemas) } },
  };
}

const replayedHeader = {
  description: 'The answer an earlier try with this key was given.',
  schema: { type: 'string', const: 'true' },
};

function failuresOf(endpoint: Endpoint, problem: Json): Json {
  const codes = [...errorsOfAccess[endpoint.access], ...endpoint.errors, ...inputErrorsOf(endpoint), ...alwaysPossible];
  const byStatus = Map.groupBy(new Set(codes), (code) => errorTable[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `${code}: ${errorTable[code].title}`).join(' '),
        content: { [PROBLEM_TYPE]: { schema: problem } },
      },
    ]),
  );
}

function inputErrorsOf({ hasBody, tag }: Endpoint): ErrorCode[] {
  if (tag === 'Health') return [];
  return [
    'VALIDATION_FAILED',
    ...(hasBody ? (['MALFORMED_REQUEST', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
  ];
}
