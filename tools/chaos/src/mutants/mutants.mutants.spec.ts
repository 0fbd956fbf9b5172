import { expect, it } from 'vitest';
import { judge } from './judge.ts';
import { MUTANTS } from './mutants.ts';
import { thisTree } from './workshop.ts';

it.concurrent.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('%s is caught', async (_, mutant) => {
  const { outcome, evidence } = await judge(mutant, thisTree, new AbortController().signal);
  expect(outcome, evidence).toBe('caught');
});
