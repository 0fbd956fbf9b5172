import { admin, customer, post, product } from './e2e/shop.ts';

/** Places one order in the stack of `up --exec`; prints the answer's status. */
const { id } = await product(await admin());
const { token } = await customer();
const { status } = await post('/api/orders', { items: [{ productId: id, quantity: 1 }] }, { token });
console.log(String(status));
