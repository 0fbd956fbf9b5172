import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError, errorTable, ErrorBody, parseOrRefuse } from './errors.ts';
import { toProblem } from './problem.ts';

const documented = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8').matchAll(
  /^\| `(\w+)`\s*\| (\d{3})\s*\| ([^|]+?)\s*\|/gm,
);

const refusal = (schema: z.ZodType, value: unknown): unknown => {
  try {
    return parseOrRefuse(schema, value);
  } catch (error) {
    return error;
  }
};

describe('the error table', () => {
  it('is docs/errors.md, in both directions', () => {
    const rows = [...documented].map(([, code, status, title]) => [code, { status: Number(status), title }]);
    expect(Object.fromEntries(rows)).toEqual(errorTable);
  });

  it('gives a status of 4xx or 5xx and a sentence to each code', () => {
    for (const { status, title } of Object.values(errorTable)) {
      expect(status).toSatisfy((value: number) => value >= 400 && value < 600);
      expect(title).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('AppError', () => {
  it('survives the wire', () => {
    const error = new AppError('OUT_OF_STOCK', { message: 'Only 2 left.', details: { available: 2 }, retryAfter: 3 });
    expect(ErrorBody.parse(JSON.parse(JSON.stringify(error.toBody())))).toEqual({
      code: 'OUT_OF_STOCK',
      message: 'Only 2 left.',
      details: { available: 2 },
      retryAfter: 3,
    });
  });

  it('does not send its cause along', () => {
    const error = new AppError('INTERNAL', { cause: new Error('driver text') });
    expect(JSON.stringify(error.toBody())).not.toContain('driver text');
  });

  it('becomes a problem document whose members no detail can overwrite', () => {
    const error = new AppError('OUT_OF_STOCK', { details: { status: 200, code: 'X', available: 1 } });
    expect(toProblem(error, 'request-1')).toMatchObject({
      type: 'urn:souk:error:OUT_OF_STOCK',
      status: 409,
      code: 'OUT_OF_STOCK',
      available: 1,
      requestId: 'request-1',
    });
  });
});

describe('parseOrRefuse', () => {
  const schema = z.strictObject({ items: z.array(z.strictObject({ quantity: z.int().min(1) })) });

  it('names the path of each refused field', () => {
    expect(refusal(schema, { items: [{ quantity: 1 }, { quantity: 0 }] })).toMatchObject({
      code: 'VALIDATION_FAILED',
      details: { errors: [{ field: 'items.1.quantity' }] },
    });
  });

  it('names an unknown field itself, not its parent', () => {
    expect(refusal(schema, { items: [{ quantity: 1, price: 0 }], $where: '' })).toMatchObject({
      details: { errors: [{ field: 'items.0.price' }, { field: '$where' }] },
    });
  });

  it('returns what the schema made of a good value', () => {
    expect(parseOrRefuse(z.string().trim(), ' a ')).toBe('a');
  });
});
