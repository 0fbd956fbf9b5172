import { MongoClient } from 'mongodb';
import type { Bench } from './row.ts';
import { type Product, Shop } from './shop.ts';

/** Of the references; in the shop's own store, so that both sides have the same. */
export const DATABASE = 'souk_baseline';

/** Gives the references the shop's products, none of which run out. */
export async function copyCatalogue({ baseUrl, mongoUrl }: Pick<Bench, 'baseUrl' | 'mongoUrl'>, count: number) {
  const catalogue = await new Shop(baseUrl).catalogue(count);
  const mongo = await MongoClient.connect(mongoUrl);
  try {
    const products = mongo.db(DATABASE).collection<Product & { _id: string }>('products');
    await products.deleteMany({});
    await products.insertMany(catalogue.products.map((product) => ({ ...documentOf(product), _id: product.id })));
  } finally {
    await mongo.close();
  }
  return catalogue;
}

const documentOf = (product: Product): Product => ({
  ...product,
  stock: 1_000_000,
  createdAt: new Date(String(product['createdAt'])),
});
