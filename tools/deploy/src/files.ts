import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@souk/stack';

/** A file of the project. */
export const read = (path: string): string => readFileSync(join(root, path), 'utf8');
