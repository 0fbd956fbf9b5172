import { contract } from '@souk/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contractOf, Handles } from './handles.decorator.ts';

const get = contract('thing.get', {
  input: z.strictObject({ id: z.string() }),
  output: z.object({ name: z.string() }),
  idempotent: true,
  actsFor: 'nobody',
  errors: [],
});

class Sut {
  @Handles(get)
  async right({ id }: { id: string }) {
    return { name: id };
  }

  // @ts-expect-error -- the point: it takes another input than the contract sends
  @Handles(get)
  async wrongInput({ id }: { id: number }) {
    return { name: String(id) };
  }

  // @ts-expect-error -- the point: it answers something else than the contract promises
  @Handles(get)
  async wrongReply() {
    return { title: 'x' };
  }
}

describe('@Handles', () => {
  it('does not compile on a method of another shape', () => {
    expect(new Sut()).toBeDefined();
  });

  it('remembers the contract of a subject', () => {
    expect(contractOf('thing.get')).toBe(get);
  });

  it('is the only way to handle a subject', () => {
    expect(() => contractOf('thing.other')).toThrow(/thing\.other.*@Handles/);
  });
});
