// PORT, MONGODB_URL, DATABASE. The kind of shop this one replaces. Its orders are unsafe: between taking the stock and
// writing the order down anything may happen, and a request sent twice is two orders.
import express from 'express';
import mongoose, { Schema } from 'mongoose';

const Product = mongoose.model(
  'Product',
  new Schema(
    {
      _id: String,
      name: String,
      description: String,
      category: String,
      brand: String,
      price: Number,
      currency: String,
      stock: Number,
    },
    { timestamps: true },
  ).index({ createdAt: -1 }),
);

const line = new Schema({ productId: String, name: String, price: Number, quantity: Number }, { _id: false });
const Order = mongoose.model(
  'Order',
  new Schema({ user: String, items: [line], total: Number, status: String }, { timestamps: true }).index({ user: 1 }),
);

await mongoose.connect(process.env.MONGODB_URL, { dbName: process.env.DATABASE });
await Promise.all([Product.init(), Order.init()]);

const app = express();
app.use(express.json());

app.get('/health', (_request, response) => {
  response.json({ status: 'ok' });
});

app.get('/api/products', async ({ query }, response) => {
  const [page, limit] = [Number(query.page ?? 1), Number(query.limit ?? 20)];
  const [items, total] = await Promise.all([
    Product.find()
      .sort({ createdAt: -1 })
      .skip((page - 1) * limit)
      .limit(limit),
    Product.countDocuments(),
  ]);
  response.json({ items, total, page, pages: Math.ceil(total / limit) });
});

app.get('/api/products/:id', async ({ params }, response) => {
  const product = await Product.findById(params.id);
  if (product) response.json(product);
  else response.status(404).json({ error: 'Product not found' });
});

app.post('/api/orders', async ({ body, headers }, response) => {
  const items = [];
  for (const { productId, quantity } of body.items) {
    const product = await Product.findOneAndUpdate(
      { _id: productId, stock: { $gte: quantity } },
      { $inc: { stock: -quantity } },
    );
    if (!product) {
      response.status(409).json({ error: 'Out of stock' });
      return;
    }
    items.push({ productId, name: product.name, price: product.price, quantity });
  }
  const total = items.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  response.status(201).json(await Order.create({ user: headers['x-user'], items, total, status: 'placed' }));
});

app.listen(Number(process.env.PORT), '127.0.0.1');
