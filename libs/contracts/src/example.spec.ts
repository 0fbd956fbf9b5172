import { describe, expect, it } from 'vitest';
import { allContracts, allEvents } from './contracts.ts';
import { exampleOf } from './example.ts';

describe('the example of a message', () => {
  it.each(allContracts)('$subject is taken by its own schemas', ({ input, output }) => {
    expect(input.safeParse(exampleOf(input)).error).toBeUndefined();
    expect(output.safeParse(exampleOf(output, 'output')).error).toBeUndefined();
  });

  it.each(allEvents)('$subject is taken by its own schema', ({ payload }) => {
    expect(payload.safeParse(exampleOf(payload)).error).toBeUndefined();
  });
});
