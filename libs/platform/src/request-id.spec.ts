import { expect, it } from 'vitest';
import { newRequestId } from './request-id.ts';

it('no two requests have the same id, and each may be logged', () => {
  const ids = Array.from({ length: 2_000 }, newRequestId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
});
