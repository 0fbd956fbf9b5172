import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MUTANTS } from './mutants.ts';
import { thisTree } from './workshop.ts';

test('every patch is in the table, and every mutant of the table has its patch', () => {
  const patches = readdirSync(thisTree.patches).toSorted();
  expect(MUTANTS.map(({ patch }) => patch).toSorted()).toEqual(patches);
});
