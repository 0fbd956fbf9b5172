import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Insertion, insertions, type Service } from './insertions.ts';

/** A service that cannot be made; the message says why. */
export class GeneratorError extends Error {
  override readonly name = 'GeneratorError';
}

const TEMPLATES = join(import.meta.dirname, '..');
const NAME = /^[a-z]{2,20}$/;
/** What the other programs on the bus and in `deploy/` are called. */
const TAKEN = new Set([
  'bus',
  'gateway',
  'operator',
  'nats',
  'redis',
  'mongodb',
  'nginx',
  'prometheus',
  'grafana',
  'secrets',
]);
/** Above the gateway's private port. */
const FIRST_PORT = 3_005;

/** Makes a service in the workspace at `root`. Throws `GeneratorError`, before anything is written. */
export function addService(root: string, name: string): Service {
  if (!NAME.test(name))
    throw new GeneratorError(`${name}: a service is called by 2 to 20 small letters, as in "review".`);
  if (TAKEN.has(name) || existsSync(join(root, 'apps', name)))
    throw new GeneratorError(`${name}: there is one already.`);
  const service = { name, port: freePort(root) };
  // All of them are thought out before the first is written.
  const edited = edit(root, insertions(service), add);
  for (const [file, text] of edited) writeFileSync(join(root, file), text);
  for (const file of globSync(['service/**/*.tpl', 'service/.*.tpl'], { cwd: TEMPLATES })) {
    const target = file.replace('service', `apps/${name}`);
    write(join(TEMPLATES, file), join(root, target), service);
  }
  write(join(TEMPLATES, 'contract.ts.tpl'), join(root, `libs/contracts/src/${name}.ts`), service);
  return service;
}

/** Removes a service that was made so, and nothing that was changed by hand since. Throws `GeneratorError`. */
export function removeService(root: string, name: string): void {
  const env = join(root, 'apps', name, 'src/env.ts');
  if (!existsSync(env)) throw new GeneratorError(`${name}: there is no such service.`);
  const port = Number(/portOf\((\d+)\)/.exec(readFileSync(env, 'utf8'))?.[1]);
  const edited = edit(root, insertions({ name, port }), remove);
  for (const [file, text] of edited) writeFileSync(join(root, file), text);
  rmSync(join(root, 'apps', name), { recursive: true });
  rmSync(join(root, `libs/contracts/src/${name}.ts`));
}

type Edit = (text: string, insertion: Insertion) => string;

function edit(root: string, list: Insertion[], how: Edit): Map<string, string> {
  const texts = new Map<string, string>();
  for (const insertion of list) {
    const text = texts.get(insertion.file) ?? readFileSync(join(root, insertion.file), 'utf8');
    texts.set(insertion.file, how(text, insertion));
  }
  return texts;
}

function add(text: string, { file, after, text: addition }: Insertion): string {
  const match = after.exec(text);
  if (!match) throw new GeneratorError(`${file} has nothing like ${after}: where does a service go there?`);
  const end = match.index + match[0].length;
  return text.slice(0, end) + addition + text.slice(end);
}

function remove(text: string, { file, text: addition }: Insertion): string {
  if (!text.includes(addition)) throw new GeneratorError(`${file} was changed since: ${addition.trim()} is not there.`);
  return text.replace(addition, '');
}

function write(template: string, target: string, { name, port }: Service): void {
  const Name = name.charAt(0).toUpperCase() + name.slice(1);
  const fill = (text: string) =>
    text.replaceAll('__name__', name).replaceAll('__Name__', Name).replaceAll('__port__', String(port));
  const file = fill(target.replace(/\.tpl$/, ''));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, fill(readFileSync(template, 'utf8')));
}

/** One above the highest that an app has. */
function freePort(root: string): number {
  const table = readFileSync(join(root, 'tools/stack/src/apps.ts'), 'utf8');
  const ports = [...table.matchAll(/port: (\d+)/g)].map(([, port]) => Number(port));
  return Math.max(FIRST_PORT - 1, ...ports) + 1;
}
