import { existsSync, globSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppName, APPS, build } from '@souk/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pruned } from './pruned.ts';
import { context, Shop } from './shop.ts';

/** Megabytes an image may have, of which Node is 127 and what it stands on (distroless cc) 25. */
const IMAGE = 250;
const BELOW = 127 + 25;

const trees = mkdtempSync(join(tmpdir(), 'souk-pruned-'));
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
  it('sell something, and show their reference page', async () => {
    await using shop = await Shop.start({ entryPoint: (app) => entryPoints.get(app) ?? '' });
    const order = { items: [{ productId: await shop.product(1), quantity: 1 }] };
    expect(await shop.call('/api/orders', order, await shop.customer())).toMatchObject({ status: 201 });
    expect(await shop.call('/docs')).toMatchObject({ status: 200 });
  });
});
