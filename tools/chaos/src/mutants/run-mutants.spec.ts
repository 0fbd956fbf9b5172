import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Mutant } from './mutants.ts';
import { runMutants } from './run-mutants.ts';
import type { Workshop } from './workshop.ts';

/** A tree of one program whose exit code is the verdict; "compiling" is a look at its syntax. */
const REPORT = '{"verdicts":[{"invariant":"books","violations":["one"]},{"invariant":"keys","violations":[]}]}';
const LINES = {
  good: 'process.exitCode = 0;\n',
  violated: `console.log('${REPORT}'); process.exitCode = 1;\n`,
  crashed: 'throw new Error("no report");\n',
  unjudged: `console.log('${REPORT}'); process.exitCode = 2;\n`,
  broken: 'process.exit(;\n',
};

let root: string;
let shop: Workshop;
let said: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'souk-mutants-'));
  mkdirSync(join(root, 'mutants'));
  writeFileSync(join(root, 'chaos.cjs'), LINES.good);
  writeFileSync(join(root, '.gitignore'), 'scratch/\n');
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  shop = {
    root,
    patches: join(root, 'mutants'),
    scratch: join(root, 'scratch'),
    build: [process.execPath, '--check', 'chaos.cjs'],
    chaos: [process.execPath, 'chaos.cjs'],
    buildMs: 30_000,
    graceMs: 30_000,
  };
  said = [];
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function mutantThat(does: keyof typeof LINES, from: string = LINES.good): Mutant {
  const name = `mutant-${does}`;
  const patch = `--- a/chaos.cjs\n+++ b/chaos.cjs\n@@ -1 +1 @@\n-${from}+${LINES[does]}`;
  writeFileSync(join(root, 'mutants', `${name}.patch`), patch);
  return { name, patch: `${name}.patch`, faults: ['kill'], targets: [''], seed: 1, minutes: 0, ofItsKind: true };
}

const run = (mutants: Mutant[], only: string[] = []) =>
  runMutants({ only, say: (line) => said.push(line) }, shop, mutants);

test('a mutant under which the run is violated is caught', async () => {
  expect(await run([mutantThat('violated')])).toBe(true);
  expect(said.at(-2)).toMatch(/^mutant-violated: caught \(\d+ s\) by: books$/);
  expect(said.at(-1)).toBe('all 1 mutants caught');
});

test('a mutant that the run passes fails, by name', async () => {
  const passes = { ...mutantThat('good'), name: 'harmless' };
  writeFileSync(join(root, 'mutants', passes.patch), '--- /dev/null\n+++ b/other.cjs\n@@ -0,0 +1 @@\n+0;\n');
  expect(await run([passes, mutantThat('violated')])).toBe(false);
  expect(said.at(-1)).toBe('NOT caught: harmless');
});

test('a run without a verdict fails, by name', async () => {
  expect(await run([mutantThat('unjudged')])).toBe(false);
  expect(said.at(-1)).toBe('NOT caught: mutant-unjudged');
});

test('a run that crashes has not caught anything', async () => {
  expect(await run([mutantThat('crashed')])).toBe(false);
  expect(said.join('\n')).toMatch(/mutant-crashed: no verdict[^]*no report/);
});

test('a patch that no longer applies fails, by name, with what git says', async () => {
  expect(await run([mutantThat('violated', 'process.exit(7);\n')])).toBe(false);
  expect(said.join('\n')).toMatch(
    /mutant-violated: does not apply[^]*patch does not apply[^]*NOT caught: mutant-violated/,
  );
});

test('a mutant that does not build fails, by name, with what the compiler says', async () => {
  expect(await run([mutantThat('broken')])).toBe(false);
  expect(said.join('\n')).toMatch(/mutant-broken: does not build[^]*SyntaxError[^]*NOT caught: mutant-broken/);
});

test('a run that takes too long has no verdict, and is ended', async () => {
  writeFileSync(join(root, 'chaos.cjs'), LINES.good);
  const sleeper = mutantThat('violated');
  shop = { ...shop, graceMs: 300, chaos: [process.execPath, '-e', 'setInterval(() => {}, 1000)', '--'] };
  expect(await run([sleeper])).toBe(false);
  expect(said.join('\n')).toContain('mutant-violated: no verdict');
});

test('the tree stays as it is, and no copy is left', async () => {
  await run([mutantThat('violated')]);
  expect(execFileSync('cat', ['chaos.cjs'], { cwd: root, encoding: 'utf8' })).toBe(LINES.good);
  expect(existsSync(shop.scratch) ? readdirSync(shop.scratch) : []).toEqual([]);
});

test('only the mutants that are named are made; a name that is none is refused', async () => {
  await run([mutantThat('violated'), mutantThat('unjudged')], ['mutant-violated']);
  expect(said.at(-1)).toBe('all 1 mutants caught');
  await expect(run([], ['no-such'])).rejects.toThrow('no such mutant: no-such');
});
