import { expect, it } from 'vitest';
import { judge } from './judge.ts';
import { MUTANTS } from './mutants.ts';
import { thisTree } from './workshop.ts';

// One at a time: a system that two cores cannot carry breaks promises without being wrong.
it.each(MUTANTS.filter(({ ofItsKind }) => ofItsKind))('$name is caught', async (mutant) => {
  const { outcome, evidence } = await judge(mutant, thisTree, new AbortController().signal);
  expect(outcome, evidence).toBe('caught');
});
