import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The clone this file lies in. */
export const root = resolve(import.meta.dirname, '../../..');

/** Where everything that `up` writes goes; git-ignored. */
export const soukDirectory = join(root, '.souk');

/** Makes a directory that only its owner can read, and answers its path. */
export function privateDirectory(...parts: string[]): string {
  const path = join(...parts);
  mkdirSync(path, { recursive: true });
  // Also where it existed: the mode of mkdir is for new ones only.
  chmodSync(path, 0o700);
  return path;
}
