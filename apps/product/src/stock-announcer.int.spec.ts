import { productTag } from '@souk/contracts';
import { expect, it, vi } from 'vitest';
import { startProduct, widget } from './testing/product-rig.ts';

it('announces stock that orders move product by product, at most every half second, the last of it on shutdown', async () => {
  await using shop = await startProduct();
  const created = await Promise.all([1, 2, 3].map(() => shop.products.create(widget())));
  await vi.waitFor(() => expect(shop.announced).toHaveLength(3));
  shop.announced.length = 0;
  const ids = created.map(({ id }) => id);
  const [first = '', ...rest] = ids;
  const { attempt } = await shop.hold([{ productId: first, quantity: 1 }]);
  for (const productId of rest) await shop.hold([{ productId, quantity: 1 }]);
  await shop.reservations.release({ attempt, productIds: [first] });
  await shop.close();
  expect(shop.announced.map((tags) => tags.toSorted())).toEqual([[productTag(first)], ids.map(productTag).toSorted()]);
});
