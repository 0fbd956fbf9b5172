import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { DevLoop } from './dev-loop.ts';
import { eventually, temporary } from './spec-support.ts';

/** A workspace of two apps, of which one leans on a lib by way of another. */
function workspace() {
  const directory = temporary();
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(directory.path, file)), { recursive: true });
    writeFileSync(join(directory.path, file), text);
  };
  const manifest = (...libs: string[]) =>
    JSON.stringify({ dependencies: Object.fromEntries(libs.map((lib) => [lib, '*'])) });
  write('tsconfig.base.json', readFileSync(join(import.meta.dirname, '../../../tsconfig.base.json'), 'utf8'));
  write('apps/user/package.json', manifest('@souk/rpc'));
  write('apps/product/package.json', manifest('zod'));
  write('libs/rpc/package.json', manifest('@souk/contracts'));
  write('libs/contracts/package.json', manifest());
  for (const folder of ['apps/user', 'apps/product', 'libs/rpc', 'libs/contracts']) {
    write(`${folder}/src/main.ts`, 'export const answer: number = 1;\n');
    write(`${folder}/dist/main.js`, '');
  }
  return { ...directory, write, dist: (file: string) => readFileSync(join(directory.path, file), 'utf8') };
}

function watching(root: string) {
  const restarted: string[] = [];
  const said: string[] = [];
  const end = new AbortController();
  const restart = async (app: string) => void restarted.push(app);
  new DevLoop(root, restart, (line) => void said.push(line)).watch(end.signal);
  return { restarted, said, [Symbol.dispose]: () => end.abort() };
}

it('compiles a changed file of an app and restarts that app alone', async () => {
  using shop = workspace();
  using loop = watching(shop.path);
  shop.write('apps/user/src/main.ts', "import { a } from './a.ts';\nexport const answer: number = a;\n");
  await eventually('user restarts', () => loop.restarted.length > 0);
  expect(loop.restarted).toEqual(['user']);
  expect(shop.dist('apps/user/dist/main.js')).toContain('import { a } from "./a.js";\nexport const answer = a;');
  expect(shop.dist('apps/user/dist/main.js.map')).toContain('"../src/main.ts"');
});

it('restarts the apps that lean on a changed lib, also by way of others', async () => {
  using shop = workspace();
  using loop = watching(shop.path);
  shop.write('libs/contracts/src/main.ts', 'export const answer: number = 2;\n');
  await eventually('an app restarts', () => loop.restarted.length > 0);
  expect(loop.restarted).toEqual(['user']);
});

it('restarts nobody for a spec, for types, and for what does not parse, which it says', async () => {
  using shop = workspace();
  using loop = watching(shop.path);
  shop.write('apps/user/src/main.spec.ts', 'export const spec = 1;\n');
  shop.write('apps/product/src/main.ts', 'export const answer = ;\n');
  await eventually('it is said', () => loop.said.length > 0);
  expect(loop.said).toEqual(['apps/product/src/main.ts: Expression expected.']);
  shop.write('apps/product/src/main.ts', 'export const answer = 3;\n');
  await eventually('product restarts', () => loop.restarted.length > 0);
  shop.write('apps/product/src/main.ts', 'export const answer: number = 3;\n');
  shop.write('apps/user/src/main.ts', 'export const answer = 4;\n');
  await eventually('user restarts', () => loop.restarted.includes('user'));
  expect(loop.restarted).toEqual(['product', 'user']);
});

it('goes on when an app does not get ready', async () => {
  using shop = workspace();
  const said: string[] = [];
  const end = new AbortController();
  using closing = new DisposableStack();
  closing.defer(() => end.abort());
  new DevLoop(
    shop.path,
    () => Promise.reject(new Error('user ended')),
    (line) => void said.push(line),
  ).watch(end.signal);
  shop.write('apps/user/src/main.ts', 'export const answer = 5;\n');
  await eventually('the first is said', () => said.includes('user ended'));
  shop.write('apps/user/src/main.ts', 'export const answer = 6;\n');
  await eventually('the second, too', () => said.filter((line) => line === 'user ended').length === 2);
  expect(said.filter((line) => line.endsWith('changed'))).toHaveLength(2);
});
