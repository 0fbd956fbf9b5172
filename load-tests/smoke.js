// 50 shoppers browse and order for ten seconds; every answer is checked.
//
//   npm run load -- smoke           (or RATE_LIMIT_FACTOR=1000 npm run up -- --exec 'k6 run load-tests/smoke.js')
//
// All shoppers share one address, so the stack must run with its rate limits raised.
import { check } from 'k6';
import exec from 'k6/execution';
import { getJson, getPage, logIn, mustBeOpen, pick, placeOrder, registerShoppers, think } from './lib/shop.js';

const SHOPPERS = 50;

export const options = {
  vus: SHOPPERS,
  duration: '10s',
  setupTimeout: '60s',
  thresholds: { checks: ['rate==1'], http_req_failed: ['rate==0'] },
};

export function setup() {
  const categories = mustBeOpen();
  return { categories, sessions: registerShoppers(SHOPPERS).map((email) => logIn(email)) };
}

export default function shop({ categories, sessions }) {
  const products = getPage(
    'list of a category',
    `/api/products?category=${encodeURIComponent(pick(categories))}&limit=20`,
  );
  think();
  const wanted = pick(products.filter(({ stock }) => stock > 0));
  if (!wanted) return;

  const found = getPage('search', `/api/products?q=${encodeURIComponent(wanted.brand)}&limit=10`);
  check(found, { 'search: finds something of the brand': (items) => items.length > 0 });
  const product = getJson('product', `/api/products/${wanted.id}`);
  check(product, { 'product: is the one asked for': ({ id, name }) => id === wanted.id && name === wanted.name });
  think();

  orderOne(product, sessions[exec.vu.idInTest - 1]);
  think();
}

function orderOne(product, headers) {
  const order = placeOrder(product, headers);
  if (order) {
    const readBack = getJson('order', `/api/orders/${order.id}`, { headers });
    check(readBack, { 'order: reads back as placed': (read) => read.id === order.id && read.total === order.total });
  }
  const own = getPage('own orders', '/api/orders', { headers });
  check(own, { 'own orders: show the new one': (orders) => !order || orders.some(({ id }) => id === order.id) });
}
