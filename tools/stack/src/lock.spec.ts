import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startTime } from '../identity.js';
import { tryLock } from '../lock.js';
import { temporary } from './spec-support.ts';

const LOCK = new URL('../lock.js', import.meta.url).href;

it('lets one in and tells the other who is', () => {
  using directory = temporary();
  const file = join(directory.path, 'lock');
  const first = tryLock(file);
  expect(tryLock(file).holder).toBe(process.pid);
  first.release?.();
  expect(tryLock(file).release).toBeDefined();
});

it('takes over from a holder that is dead', () => {
  using directory = temporary();
  const file = join(directory.path, 'lock');
  writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, start: '1' }));
  expect(tryLock(file).release).toBeDefined();
});

it('takes over when the holder’s pid now belongs to another process', () => {
  using directory = temporary();
  const file = join(directory.path, 'lock');
  writeFileSync(file, JSON.stringify({ pid: process.pid, start: `${startTime(process.pid)}0` }));
  expect(tryLock(file).release).toBeDefined();
});

it('keeps eight processes apart that all find a dead holder’s lock', async () => {
  using directory = temporary();
  const file = join(directory.path, 'lock');
  const journal = join(directory.path, 'journal');
  writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, start: '1' }));
  writeFileSync(journal, '');
  const program = `
    import { appendFileSync } from 'node:fs';
    import { withLock } from '${LOCK}';
    await withLock('${file}', () => undefined, async () => {
      appendFileSync('${journal}', 'in ');
      await new Promise((resolve) => setTimeout(resolve, 20));
      appendFileSync('${journal}', 'out ');
    });`;
  const children = Array.from({ length: 8 }, () => spawn(process.execPath, ['--input-type=module', '-e', program]));
  await Promise.all(children.map((child) => once(child, 'exit')));
  expect(readFileSync(journal, 'utf8')).toBe('in out '.repeat(8));
});
