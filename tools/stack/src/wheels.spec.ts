import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporary } from './spec-support.ts';
import { fetchParcel, type Download } from './wheels.ts';

const FILE = 'thing-1.0-py3-none-any.whl';

/** A wheel with one file, `bin/thing`, and what `sources.json` would say of it. */
function wheel(directory: string): { path: string; sha256: string } {
  const content = join(directory, 'thing');
  const path = join(directory, FILE);
  writeFileSync(content, '#!/bin/sh\necho hello\n');
  execFileSync('python3', [
    '-c',
    'import sys, zipfile\nzipfile.ZipFile(sys.argv[1], "w").write(sys.argv[2], "bin/thing")',
    path,
    content,
  ]);
  return { path, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') };
}

const parcel = (sha256: string) => ({
  title: 'thing',
  folder: 'thing-1.0',
  wheels: [{ file: FILE, sha256 }],
  entry: 'bin/thing',
});
const context = (souk: string) => ({ souk, env: process.env, say: () => undefined });

const otherFile: Download = async (_, into) => writeFileSync(join(into, 'other.whl'), '');

it('unpacks what was downloaded and makes its program executable', async () => {
  using souk = temporary();
  const { path, sha256 } = wheel(souk.path);
  const download: Download = async (_, into) => copyFileSync(path, join(into, FILE));
  const directory = await fetchParcel(parcel(sha256), context(souk.path), download);
  expect(statSync(join(directory, 'bin/thing')).mode & 0o111).not.toBe(0);
  expect(existsSync(join(directory, 'wheels'))).toBe(false);
});

it('refuses a file whose SHA-256 is another, and leaves nothing that looks fetched', async () => {
  using souk = temporary();
  const { path, sha256 } = wheel(souk.path);
  const download: Download = async (_, into) => writeFileSync(join(into, FILE), `${readFileSync(path, 'latin1')}!`);
  await expect(fetchParcel(parcel(sha256), context(souk.path), download)).rejects.toThrow(/was refused: its SHA-256/);
  expect(existsSync(join(souk.path, 'fetched/thing-1.0'))).toBe(false);
});

it('refuses an index that gives another file', async () => {
  using souk = temporary();
  await expect(fetchParcel(parcel('0'), context(souk.path), otherFile)).rejects.toThrow(/another file than thing-1.0/);
});

it('fetches once when two ask for the same at the same time', async () => {
  using souk = temporary();
  const { path, sha256 } = wheel(souk.path);
  let downloads = 0;
  const download: Download = async (_, into) => {
    downloads += 1;
    copyFileSync(path, join(into, FILE));
  };
  const ask = () => fetchParcel(parcel(sha256), context(souk.path), download);
  const [one, two] = await Promise.all([ask(), ask()]);
  expect(one).toBe(two);
  expect(downloads).toBe(1);
});
