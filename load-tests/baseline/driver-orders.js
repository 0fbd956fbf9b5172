// MONGODB_URL, DATABASE, SECONDS. Prints orders a second. Stock is taken, the order written down, the hold removed: what a
// placed order costs the store, with nobody to ask and nothing to check.
import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';

const CLIENTS = 50;
const PRODUCTS = 2_000;

const mongo = await MongoClient.connect(process.env.MONGODB_URL, { writeConcern: { w: 'majority', journal: true } });
const db = mongo.db(process.env.DATABASE);
const [products, orders] = [db.collection('loop_products'), db.collection('loop_orders')];
const ids = Array.from({ length: PRODUCTS }, (_, index) => `product-${index}`);
await products.insertMany(ids.map((_id) => ({ _id, name: 'Thing', price: 1_999, stock: 1_000_000, holds: [] })));
await orders.createIndex({ userId: 1, createdAt: -1 });

async function place() {
  const productId = ids[Math.floor(Math.random() * PRODUCTS)];
  const [_id, at] = [randomUUID(), new Date()];
  const hold = { attempt: _id, q: 1, at };
  await products.updateOne({ _id: productId, stock: { $gte: 1 } }, { $inc: { stock: -1 }, $push: { holds: hold } });
  const items = [{ productId, name: 'Thing', price: 1_999, quantity: 1 }];
  await orders.insertOne({ _id, userId: 'user', status: 'placed', items, total: 1_999, createdAt: at });
  await products.updateOne({ _id: productId }, { $pull: { holds: { attempt: _id } } });
}

async function placeFor(seconds) {
  const end = performance.now() + seconds * 1_000;
  let placed = 0;
  const client = async () => {
    for (; performance.now() < end; placed++) await place();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return placed / seconds;
}

await placeFor(2);
console.log(await placeFor(Number(process.env.SECONDS)));
await mongo.close();
