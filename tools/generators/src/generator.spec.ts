import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '@souk/stack';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addService, removeService } from './generator.ts';
import { insertions } from './insertions.ts';

const FILES = [...new Set(insertions({ name: 'any', port: 1 }).map(({ file }) => file))];
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'souk-generator-'));
  for (const file of FILES) cpSync(join(root, file), join(directory, file), { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true }));

const read = (file: string) => readFileSync(join(directory, file), 'utf8');
const all = () => FILES.map(read);

it('gives each service a port of its own, above those there are', () => {
  const { port } = addService(directory, 'alpha');
  expect(port).toBeGreaterThan(3_004);
  expect(addService(directory, 'beta')).toEqual({ name: 'beta', port: port + 1 });
  expect(read('apps/beta/.env.example')).toContain(`PORT=${port + 1}`);
  expect(read('libs/contracts/src/contract.ts')).toContain(", 'alpha', 'beta'] as const");
});

it('takes services away in any order, and leaves everything as it was', () => {
  const before = all();
  for (const name of ['alpha', 'beta']) addService(directory, name);
  for (const name of ['alpha', 'beta']) removeService(directory, name);
  expect(all()).toEqual(before);
  expect(existsSync(join(directory, 'apps/alpha'))).toBe(false);
  expect(existsSync(join(directory, 'libs/contracts/src/beta.ts'))).toBe(false);
});

it.each(['Review', 'my-service', 'a', 'gateway', 'nats', '../x'])('makes no service called %s', (name) => {
  const before = all();
  expect(() => addService(directory, name)).toThrow(name);
  expect(all()).toEqual(before);
});

it('makes none twice, and takes none away that it does not know', () => {
  addService(directory, 'alpha');
  const before = all();
  expect(() => addService(directory, 'alpha')).toThrow('there is one already');
  expect(() => removeService(directory, 'beta')).toThrow('no such service');
  expect(all()).toEqual(before);
});

it('has a place in each file, which only its text is put into', () => {
  for (const { file, after, text } of insertions({ name: 'alpha', port: 3_005 })) {
    expect(read(file), file).toMatch(after);
    expect(read(file), file).not.toContain(text);
    expect(dirname(file)).not.toContain('..');
  }
});
