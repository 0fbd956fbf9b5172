import { z } from 'zod';

const Schema = z.looseObject({
  $ref: z.string().optional(),
  /** Several where null is one of them. */
  type: z
    .union([z.string(), z.array(z.string())])
    .transform((type) => [type].flat()[0])
    .optional(),
  format: z.string().optional(),
  examples: z.array(z.unknown()).optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  required: z.array(z.string()).default([]),
  get properties() {
    return z.record(z.string(), Schema).default({});
  },
  get items() {
    return Schema.optional();
  },
  get anyOf() {
    return z.array(Schema).optional();
  },
  get oneOf() {
    return z.array(Schema).optional();
  },
});
type Schema = z.output<typeof Schema>;

const ofFormat: Record<string, string> = {
  email: 'jane@example.com',
  uuid: '6b1f0f6e-4d0c-4b57-9a35-2f6b2a1c9d11',
  'date-time': '2026-01-31T12:00:00.000Z',
};

/** The smallest value that shows what a schema takes: required fields only, each with its own example where it has one. */
export function exampleOf(schema: z.ZodType, io: 'input' | 'output' = 'input'): unknown {
  const { $defs = {}, ...whole } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  const definitions = z.record(z.string(), Schema).parse($defs);
  return valueOf(Schema.parse(whole), definitions);
}

function valueOf(schema: Schema, definitions: Record<string, Schema>): unknown {
  const { $ref, examples, enum: choices } = schema;
  const [branch = $ref === undefined ? undefined : definitions[$ref.replace('#/$defs/', '')]] =
    schema.anyOf ?? schema.oneOf ?? [];
  if (examples) return examples[0];
  if ('const' in schema) return schema['const'];
  if (choices) return choices[0];
  return branch ? valueOf(branch, definitions) : plainValueOf(schema, definitions);
}

function plainValueOf(schema: Schema, definitions: Record<string, Schema>): unknown {
  const { type, format = '', minimum = 1, properties, required, items } = schema;
  switch (type) {
    case 'object':
      return Object.fromEntries(required.map((name) => [name, valueOf(properties[name] ?? schema, definitions)]));
    case 'array':
      return items ? [valueOf(items, definitions)] : [];
    case 'string':
      return ofFormat[format] ?? 'Example';
    case 'integer':
    case 'number':
      return Math.max(minimum, 1);
    case 'boolean':
      return true;
    default:
      return null;
  }
}
