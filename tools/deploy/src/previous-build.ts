import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { APPS, root } from '@souk/stack';

/**
 * Compiles the commit before this one in a directory of its own, with the modules of this clone: linked where that can be done.
 * Throws where there is no commit before it, as in a clone without its history.
 */
export function previousBuild(directory: string): string {
  const clone = join(directory, 'previous');
  execFileSync('git', ['clone', '--quiet', '--no-checkout', root, clone]);
  execFileSync('git', ['checkout', '--quiet', 'HEAD~1'], { cwd: clone });
  const modules = [join(root, 'node_modules'), join(clone, 'node_modules')];
  if (spawnSync('cp', ['-al', ...modules], { stdio: 'ignore' }).status !== 0) execFileSync('cp', ['-a', ...modules]);
  const compiler = join(clone, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-b', ...APPS.map((app) => join('apps', app))], { cwd: clone });
  return clone;
}
