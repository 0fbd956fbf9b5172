import { join } from 'node:path';
import { root, soukDirectory } from '@souk/stack';

/** A program and its arguments. */
export type Invocation = readonly [file: string, ...args: string[]];

/** Where mutants are made, and what is run in the copy of the tree. */
export interface Workshop {
  readonly root: string;
  readonly patches: string;
  readonly scratch: string;
  readonly build: Invocation;
  readonly chaos: Invocation;
  readonly buildMs: number;
  /** On top of the minutes of the run: starting, healing, checking, stopping. */
  readonly graceMs: number;
}

const APPS = ['gateway', 'user', 'product', 'order'].map((app) => `apps/${app}`);

/** This tree and its own compiler and chaos run. */
export const thisTree: Workshop = {
  root,
  patches: join(root, 'tools/chaos/mutants'),
  scratch: join(soukDirectory, 'mutants'),
  build: [process.execPath, 'node_modules/typescript/bin/tsc', '-b', ...APPS],
  chaos: [process.execPath, '--conditions=@souk/source', 'tools/chaos/src/main.ts'],
  buildMs: 3 * 60_000,
  graceMs: 3 * 60_000,
};
