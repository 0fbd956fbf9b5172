import { expect, it } from 'vitest';
import { __Name__Service } from './__name__.service.ts';

it('greets by name', async () => {
  expect(await new __Name__Service().greet('you')).toEqual({ greeting: 'Hello, you.' });
});
