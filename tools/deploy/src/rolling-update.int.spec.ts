import { mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { services } from '@souk/contracts';
import { root } from '@souk/stack';
import { afterAll, expect, it } from 'vitest';
import { customers } from './customers.ts';
import { previousBuild } from './previous-build.ts';
import { Shop } from './shop.ts';

const STOCK = 100_000;
const directory = mkdtempSync(join(tmpdir(), 'souk-update-'));
afterAll(() => rmSync(directory, { recursive: true }));

const current = join(directory, 'current');
/** What a process that is started from now on runs. */
function deploy(tree: string): void {
  symlinkSync(tree, `${current}.next`);
  renameSync(`${current}.next`, current);
}

it(
  'an update from the commit before, services first and the gateways last, fails no call',
  { timeout: 300_000 },
  async () => {
    deploy(previousBuild(directory));
    const replicas = ['gateway', ...services].map((app) => `${app}=2`).join(',');
    await using shop = await Shop.start({ entryPoint: (app) => join(current, 'apps', app, 'dist/main.js'), replicas });
    const productId = await shop.product(STOCK);
    const buying = await customers(shop, productId);
    await buying.reached(50);

    deploy(root);
    for (const app of [...services, 'gateway']) {
      await shop.stack.restart(app);
      await buying.reached(buying.seen.orders + 50);
    }

    const { orders, asked, statuses } = await buying.stop();
    expect([...statuses].toSorted()).toEqual([200, 201]);
    expect(asked).toBe(orders);
    await shop.untilStock(productId, STOCK - orders);
  },
);
