import { type Contract, type Event, allContracts, allEvents } from '@souk/contracts';
import { z } from 'zod';

/** The part of a JSON Schema (2020-12) that Zod writes and that is compared. */
interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  pattern?: string;
  format?: string;
  [bound: string]: unknown;
}

/** What was promised of a call: what callers may send, and what they read of the answer. */
interface Promised {
  input: Schema;
  output: Schema;
  idempotent: boolean;
  callers: readonly string[];
  errors: readonly string[];
}

/** Everything that programs of one release expect of each other. */
export interface Release {
  calls: Record<string, Promised>;
  events: Record<string, { payload: Schema }>;
}

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Schema =>
  JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' })));

const promised = ({ input, output, idempotent, callers, errors }: Contract): Promised => ({
  input: schemaOf(input, 'input'),
  output: schemaOf(output, 'output'),
  idempotent,
  callers,
  errors,
});

const payloadOf = ({ subject, payload }: Event) => [subject, { payload: schemaOf(payload, 'output') }];

/** What this code promises. */
export function thisRelease(): Release {
  const calls = Object.fromEntries(allContracts.map((contract) => [contract.subject, promised(contract)]));
  return { calls, events: Object.fromEntries(allEvents.map(payloadOf)) };
}

/**
 * Why programs of the release before could fail beside this one, each reason a line; none: the two can run side by side, as they
 * do while they are exchanged.
 */
export function breaks(before: Release, now: Release): string[] {
  const calls = Object.entries(before.calls).flatMap(([subject, old]) =>
    breaksOfCall(subject, old, now.calls[subject]),
  );
  const events = Object.entries(before.events).flatMap(([subject, { payload }]) => {
    const current = now.events[subject];
    return current ? refusals(current.payload, payload, `${subject} payload`, IGNORED) : [`${subject} is gone`];
  });
  return [...calls, ...events];
}

function breaksOfCall(subject: string, old: Promised, now: Promised | undefined): string[] {
  if (!now) return [`${subject} is gone`];
  return [
    ...refusals(old.input, now.input, `${subject} input`, REFUSED),
    ...refusals(now.output, old.output, `${subject} output`, IGNORED),
    ...(old.idempotent && !now.idempotent ? [`${subject} must not be repeated any more, and still is`] : []),
    ...old.callers
      .filter((caller) => !now.callers.includes(caller))
      .map((caller) => `${subject} is not for ${caller} any more`),
    ...now.errors
      .filter((code) => !old.errors.includes(code))
      .map((code) => `${subject} refuses with ${code}, unknown to callers`),
  ];
}

/** What becomes of a field that is not in the schema: inputs refuse it, whoever reads an output passes over it. */
const REFUSED = 'refused';
const IGNORED = 'ignored';
type Unknown = typeof REFUSED | typeof IGNORED;

/** Bounds by whether a value has to be at least, or at most, so much. */
const BOUNDS: Record<string, 'least' | 'most'> = {
  minimum: 'least',
  exclusiveMinimum: 'least',
  minLength: 'least',
  minItems: 'least',
  maximum: 'most',
  exclusiveMaximum: 'most',
  maxLength: 'most',
  maxItems: 'most',
};

/** Why something that `sent` allows may be refused by `read`. */
function refusals(sent: Schema, read: Schema, path: string, unknown: Unknown): string[] {
  return compare(sent, read, path);

  function compare(from: Schema, to: Schema, at: string): string[] {
    const [a, b] = [resolve(from, sent), resolve(to, read)];
    if (a.anyOf) return a.anyOf.flatMap((one) => compare(one, b, at));
    if (b.anyOf) {
      const tried = b.anyOf.map((one) => compare(a, one, at));
      return tried.some((reasons) => reasons.length === 0) ? [] : (tried[0] ?? []);
    }
    const otherType = typeOf(a, b, at);
    if (otherType.length > 0) return otherType;
    return [...boundsOf(a, b, at), ...fieldsOf(a, b, at), ...itemsOf(a, b, at)];
  }

  function fieldsOf(a: Schema, b: Schema, at: string): string[] {
    const required = b.required ?? [];
    const missing = required.filter((name) => !a.required?.includes(name)).map((name) => `${at}.${name} is asked for`);
    const fields = Object.entries(a.properties ?? {}).flatMap(([name, schema]) => {
      const other =
        b.properties?.[name] ?? (typeof b.additionalProperties === 'object' ? b.additionalProperties : undefined);
      if (other) return compare(schema, other, `${at}.${name}`);
      return unknown === REFUSED && b.additionalProperties === false ? [`${at}.${name} is not known any more`] : [];
    });
    return [...missing, ...fields];
  }

  function itemsOf(a: Schema, b: Schema, at: string): string[] {
    return a.items && b.items ? compare(a.items, b.items, `${at}[]`) : [];
  }
}

/** Follows a reference, and makes one alternative of each type where there are several. */
function resolve(schema: Schema, document: Schema): Schema {
  if (schema.$ref !== undefined) return document.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? {};
  if (!Array.isArray(schema.type)) return schema;
  return { anyOf: schema.type.map((type) => (type === 'null' ? { type } : { ...schema, type })) };
}

function typeOf(a: Schema, b: Schema, at: string): string[] {
  const isNumber = a.type === 'integer' && b.type === 'number';
  if (b.type !== undefined && a.type !== b.type && !isNumber) return [`${at} is ${a.type}, not ${b.type}`];
  const allowed = valuesOf(b);
  if (!allowed) return [];
  const values = valuesOf(a) ?? [undefined];
  return values
    .filter((value) => !allowed.includes(value))
    .map((value) => `${at} may be ${JSON.stringify(value) ?? 'anything'}`);
}

const valuesOf = (schema: Schema): unknown[] | undefined =>
  schema.enum ?? ('const' in schema ? [schema.const] : undefined);

function boundsOf(a: Schema, b: Schema, at: string): string[] {
  const reasons: string[] = [];
  for (const [name, kind] of Object.entries(BOUNDS)) {
    const [sent, read] = [a[name], b[name]];
    if (typeof read !== 'number') continue;
    const fits = typeof sent === 'number' && (kind === 'least' ? sent >= read : sent <= read);
    if (!fits) reasons.push(`${at} has ${name} ${String(sent)}, not ${read}`);
  }
  for (const name of ['pattern', 'format'] as const) {
    if (b[name] !== undefined && a[name] !== b[name]) reasons.push(`${at} has another ${name}`);
  }
  return reasons;
}
