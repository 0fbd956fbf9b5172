import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { services } from '@souk/contracts';
import { root } from '@souk/stack';
import { describe, expect, it } from 'vitest';

/** The projects whose tests `nx affected` runs when a file is touched. */
function affectedBy(file: string): string[] {
  const nx = [
    join(root, 'node_modules/nx/dist/bin/nx.js'),
    'show',
    'projects',
    '--affected',
    `--files=${file}`,
    '--json',
  ];
  const env = { ...process.env, NX_DAEMON: 'false' };
  const projects: string[] = JSON.parse(execFileSync(process.execPath, nx, { cwd: root, env, encoding: 'utf8' }));
  return projects.map((name) => name.replace('@souk/', ''));
}

const SERVICES = services;
/** Who starts the whole shop, and so depends on all of it. */
const WHOLE = ['stack', 'security', 'observe', 'chaos', 'deploy'];

describe('nx affected', () => {
  it.each(SERVICES)(
    'runs the tests of %s when it is touched, those of the whole shop, and those of no other app',
    (app) => {
      const affected = affectedBy(`apps/${app}/src/main.ts`);
      expect(affected).toEqual(expect.arrayContaining([app, ...WHOLE]));
      const others = new Set([...SERVICES, 'gateway', 'contracts', 'rpc'].filter((name) => name !== app));
      expect(affected.filter((name) => others.has(name))).toEqual([]);
    },
  );

  it('runs everything when a contract is touched', () => {
    const affected = affectedBy('libs/contracts/src/product.ts');
    const libs = ['contracts', 'platform', 'rpc', 'auth', 'mongo', 'cache'];
    expect(affected).toEqual(expect.arrayContaining([...libs, 'gateway', ...SERVICES, ...WHOLE, 'openapi', 'bus']));
  });

  it('runs what looks at a file that lies in no project when that is touched', () => {
    expect(affectedBy('docker-compose.yml')).toEqual(['deploy', 'generators']);
    expect(affectedBy('docs/openapi.json')).toEqual(['openapi']);
    expect(affectedBy('nginx/server.conf')).toEqual(expect.arrayContaining(['stack', 'deploy']));
  });

  it('runs no tests when only words were changed', () => {
    expect(affectedBy('docs/architecture.md')).toEqual([]);
  });
});
