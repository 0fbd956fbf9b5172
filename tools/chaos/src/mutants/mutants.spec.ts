import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MUTANTS } from './mutants.ts';
import { thisTree } from './workshop.ts';

test('every patch is in the table, and every mutant of the table has its patch', () => {
  const patches = readdirSync(thisTree.patches).toSorted();
  expect(MUTANTS.map(({ patch }) => patch).toSorted()).toEqual(patches);
});

test.each(MUTANTS)('the patch applies to the code as it is: $name', ({ patch }) => {
  const apply = ['apply', '--check', join(thisTree.patches, patch)];
  const { status, stderr } = spawnSync('git', apply, { cwd: thisTree.root, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
