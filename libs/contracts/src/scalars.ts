import { z } from 'zod';

// oxlint-disable-next-line no-control-regex -- control characters are what is refused here
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;
const isCleanText = (text: string): boolean => text.isWellFormed() && !CONTROL.test(text);

/** A string of `min` to `max` characters, which are code points: JSON Schema and people count an emoji as one. */
export const characters = (min: number, max: number) =>
  z
    .string()
    .refine((value) => isWithin(value, min, max), `Use ${min} to ${max} characters.`)
    .meta({ minLength: min, maxLength: max });

// Longer by code units than twice the longest it cannot be: what is huge is not counted through.
const isWithin = (value: string, min: number, max: number): boolean =>
  value.length <= 2 * max && [...value].length <= max && [...value].length >= min;

/** Text for people: trimmed, 1 to `max` characters, without control characters or lone surrogates. */
export const text = (max: number) =>
  characters(1, max)
    .trim()
    .refine((value) => value !== '', 'Is empty.')
    .refine(isCleanText, 'Contains characters that are not text.')
    .meta({ minLength: 1, maxLength: max, pattern: TEXT_PATTERN });

/** `isCleanText` and not empty, for readers of the OpenAPI document. */
const TEXT_PATTERN =
  '^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F]*[^\\s\\u0000-\\u0008\\u000E-\\u001F\\u007F]' +
  '[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F]*$';

/** The id of a user or a product. */
export const Id = z
  .string()
  .regex(/^[0-9a-f]{24}$/, 'Not an id: 24 hexadecimal digits.')
  .meta({ examples: ['65f2a1c09d3e4b5f60718293'] });
/** The id of an order: derived from the user and what makes the request unique, so it is longer than a drawn one. */
export const OrderId = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'Not an order id: 32 hexadecimal digits.')
  .meta({ examples: ['0f3c5a7e9b1d2f4061728394a5b6c7d8'] });

/** An instant as ISO 8601 in UTC. */
export const Instant = z.iso.datetime();

/** An opaque position in a list; only the service that made it can read it. */
export const Cursor = z.string().regex(/^[A-Za-z0-9_-]{1,512}$/, 'Not a cursor.');
export const Limit = z.int().min(1).max(100).default(20);

/** A page of a list; `nextCursor` is null on the last one. */
export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: Cursor.nullable() });
