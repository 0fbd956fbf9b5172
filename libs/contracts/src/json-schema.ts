import { z } from 'zod';

export type Json = Record<string, unknown>;

/**
 * A schema as JSON Schema 2020-12. What has an id is put into `schemas` once and referred to there: Zod puts it under $defs
 * of each document, OpenAPI and AsyncAPI keep it under their components.
 */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const text = JSON.stringify(z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' }));
  const { $schema: _, $defs = {}, id, ...result } = JSON.parse(text.replaceAll('#/$defs/', '#/components/schemas/'));
  for (const [name, definition] of Object.entries<Json>($defs)) schemas[name] = withoutId(definition);
  if (typeof id !== 'string') return result;
  schemas[id] = result;
  return { $ref: `#/components/schemas/${id}` };
}

const withoutId = ({ id: _, ...definition }: Json): Json => definition;
