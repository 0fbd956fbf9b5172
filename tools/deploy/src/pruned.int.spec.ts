import { randomUUID } from 'node:crypto';
import { existsSync, globSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppName, APPS, build, parseArguments, soukDirectory, Stack, type Summary } from '@souk/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pruned } from './pruned.ts';

/** Megabytes an image may have, of which Node is 127 and what it stands on (distroless cc) 25. */
const IMAGE = 250;
const BELOW = 127 + 25;

const trees = mkdtempSync(join(tmpdir(), 'souk-pruned-'));
const { NATS_URL: _nats, REDIS_URL: _redis, MONGODB_URL: _mongo, ...env } = process.env;
const context = {
  env,
  souk: soukDirectory,
  say: (line: string) => console.error(line),
  signal: new AbortController().signal,
};
const entryPoints = new Map<AppName, string>();

beforeAll(async () => {
  await build(context);
  for (const app of APPS) entryPoints.set(app, await pruned(app, join(trees, app)));
}, 300_000);
afterAll(() => rmSync(trees, { recursive: true }));

const sizeOf = (directory: string): number =>
  globSync('**/*', { cwd: directory })
    .map((file) => lstatSync(join(directory, file)))
    .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);

describe.each(APPS)('the tree in the image of %s', (app) => {
  const tree = join(trees, app);

  it('has the one app and no tools', () => {
    expect(readdirSync(join(tree, 'apps'))).toEqual([app]);
    expect(readdirSync(tree).toSorted()).toEqual(['apps', 'libs', 'node_modules', 'package.json']);
    for (const tool of ['vitest', 'typescript', 'nx']) expect(existsSync(join(tree, 'node_modules', tool))).toBe(false);
  });

  it(`leaves the image below ${IMAGE} MB`, () => {
    expect(sizeOf(tree) / 1e6).toBeLessThan(IMAGE - BELOW);
  });
});

describe('the apps, each with nothing but what its image has', () => {
  const directory = mkdtempSync(join(tmpdir(), 'souk-stack-'));
  let stack: Stack;
  let shop: Summary;
  beforeAll(async () => {
    stack = new Stack({
      options: parseArguments([]),
      context,
      data: directory,
      logs: join(directory, 'logs'),
      stateFile: join(directory, 'stack.json'),
      anyPort: true,
      build: async () => undefined,
      entryPoint: (app) => entryPoints.get(app) ?? '',
    });
    shop = await stack.start();
  });
  afterAll(async () => {
    await stack.stop();
    rmSync(directory, { recursive: true });
  });

  const call = async (path: string, body?: object, token?: string) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(
      shop.baseUrl + path,
      body ? { method: 'POST', headers, body: JSON.stringify(body) } : {},
    );
    return { status: response.status, body: await response.text() };
  };

  it('sell something, and show their reference page', async () => {
    const account = { email: `${randomUUID()}@test.com`, password: 'pass123', name: 'Test User' };
    const { accessToken } = JSON.parse((await call('/api/auth/register', account)).body);
    const [{ id }] = JSON.parse((await call('/api/products?inStock=true&limit=1')).body).items;
    const order = { items: [{ productId: id, quantity: 1 }] };
    expect(await call('/api/orders', order, accessToken)).toMatchObject({ status: 201 });
    expect(await call('/docs')).toMatchObject({ status: 200 });
  });
});
