import { readFileSync } from 'node:fs';
import { contract } from '@souk/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { breaks, type Release, thisRelease } from './compatibility.ts';

const released: Release = JSON.parse(readFileSync(new URL('../released.json', import.meta.url), 'utf8'));

it('programs of the last release can run beside these: else it takes two releases (docs/operations.md)', () => {
  expect(breaks(released, thisRelease())).toEqual([]);
});

const schema = (type: z.ZodType, io: 'input' | 'output') => JSON.parse(JSON.stringify(z.toJSONSchema(type, { io })));
const Color = z.enum(['red', 'green']).meta({ id: 'Color' });
const Input = z.strictObject({ name: z.string().max(10), color: Color.optional(), tags: z.array(z.string()).max(3) });
const Output = z.object({
  id: z.string().regex(/^a/),
  price: z.int().min(0),
  color: Color,
  note: z.string().nullable(),
});

interface Version {
  input?: z.ZodType;
  output?: z.ZodType;
  idempotent?: boolean;
  errors?: readonly string[];
}
const release = ({
  input = Input,
  output = Output,
  idempotent = true,
  errors = ['OUT_OF_STOCK'],
}: Version = {}): Release => {
  const { subject, callers } = contract('thing.do', { input, output, idempotent, actsFor: 'nobody', errors: [] });
  const call = { input: schema(input, 'input'), output: schema(output, 'output'), idempotent, callers, errors };
  return { calls: { [subject]: call }, events: {} };
};

describe('a change that callers of before notice', () => {
  it.each<[string, Version, string]>([
    [
      'a new field that has to be sent',
      { input: Input.extend({ size: z.number() }) },
      'thing.do input.size is asked for',
    ],
    [
      'a field that may not be sent any more',
      { input: Input.omit({ color: true }) },
      'thing.do input.color is not known any more',
    ],
    [
      'a shorter text',
      { input: Input.extend({ name: z.string().max(5) }) },
      'thing.do input.name has maxLength 10, not 5',
    ],
    [
      'a first limit',
      { input: Input.extend({ tags: z.array(z.string().max(9)).max(3) }) },
      'thing.do input.tags[] has maxLength undefined, not 9',
    ],
    ['another type', { input: Input.extend({ name: z.number() }) }, 'thing.do input.name is string, not number'],
    [
      'fewer values',
      { input: Input.extend({ color: z.enum(['red']).optional() }) },
      'thing.do input.color may be "green"',
    ],
    [
      'another pattern',
      { output: Output.extend({ id: z.string().regex(/^b/) }) },
      'thing.do output.id has another pattern',
    ],
    [
      'more values in an answer',
      { output: Output.extend({ color: z.enum(['red', 'green', 'blue']) }) },
      'thing.do output.color may be "blue"',
    ],
    ['a field less in an answer', { output: Output.omit({ price: true }) }, 'thing.do output.price is asked for'],
    [
      'a field that may be missing in an answer',
      { output: Output.extend({ price: z.int().min(0).optional() }) },
      'thing.do output.price is asked for',
    ],
    [
      'an answer that may be null',
      { output: Output.extend({ id: Output.shape.id.nullable() }) },
      'thing.do output.id is null, not string',
    ],
    ['no repeats', { idempotent: false }, 'thing.do must not be repeated any more, and still is'],
    ['a new refusal', { errors: ['OUT_OF_STOCK', 'FORBIDDEN'] }, 'thing.do refuses with FORBIDDEN, unknown to callers'],
  ])('is %s', (_name, version, reason) => {
    expect(breaks(release(), release(version))).toEqual([reason]);
  });

  it('is a call that is gone', () => {
    expect(breaks(release(), { calls: {}, events: {} })).toEqual(['thing.do is gone']);
  });
});

describe('a change that they do not notice', () => {
  it.each<[string, Version]>([
    ['nothing at all', {}],
    ['a field that may be sent', { input: Input.extend({ size: z.number().optional() }) }],
    ['a longer text', { input: Input.extend({ name: z.string().max(20) }) }],
    ['more values that may be sent', { input: Input.extend({ color: z.enum(['red', 'green', 'blue']).optional() }) }],
    ['a field more in an answer', { output: Output.extend({ size: z.number() }) }],
    ['fewer values in an answer', { output: Output.extend({ color: z.enum(['red']) }) }],
    ['an answer that is never null any more', { output: Output.extend({ note: z.string() }) }],
    ['a refusal less', { errors: [] }],
  ])('is %s', (_name, version) => {
    expect(breaks(release(), release(version))).toEqual([]);
  });
});
