import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '@souk/stack';

const MANIFESTS = [
  'package.json',
  'package-lock.json',
  '{apps,libs,tools}/*/package.json',
  'load-tests/baseline/package.json',
];

/**
 * Makes, in a directory of its own, the tree that an app's image has under /souk, as the Dockerfile does: npm has read the
 * lockfile for this app alone. Answers the file Node runs. The code has to be compiled already.
 */
export async function pruned(app: string, directory: string): Promise<string> {
  for (const file of globSync(MANIFESTS, { cwd: root })) copy(file, directory);
  copy(`apps/${app}/dist`, directory);
  const script = join(root, 'deploy/prune.sh');
  await promisify(execFile)('sh', [script, app, join(root, 'libs')], { cwd: directory });
  return join(directory, 'apps', app, 'dist/main.js');
}

function copy(path: string, directory: string): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  cpSync(join(root, path), join(directory, path), { recursive: true });
}
