// What shoppers do: of a hundred visits 40 browse, 20 search, 25 look at one product, 5 look at their orders, 10 buy.
import exec from 'k6/execution';
import { check } from 'k6';
import { getJson, getPage, logIn, mustBeOpen, pick, placeOrder, productIds, registerShoppers, think } from './shop.js';
import { zipf } from './zipf.js';

const PRODUCTS = 1_000;
/** Shoppers of one account share it: what is measured is the shop, not how fast it hashes at the start. */
const ACCOUNTS = Number(__ENV.ACCOUNTS || 50);

export function setup() {
  const categories = mustBeOpen();
  return { categories, ids: productIds(PRODUCTS), emails: registerShoppers(ACCOUNTS) };
}

const visits = [
  [40, browse],
  [20, search],
  [25, look],
  [5, review],
  [10, buy],
];
const total = visits.reduce((sum, [weight]) => sum + weight, 0);

/** One visit. The default function of every suite that is about shoppers. */
export function visit(shop) {
  let ticket = Math.random() * total;
  const [, go] = visits.find(([weight]) => (ticket -= weight) < 0) ?? visits[0];
  go(shop);
  think();
}

function browse({ categories }) {
  getPage('list', '/api/products?limit=20');
  think();
  getPage('list of a category', `/api/products?category=${encodeURIComponent(pick(categories))}&limit=20`);
}

function search(shop) {
  const { brand } = product(shop);
  think();
  const found = getPage('search', `/api/products?q=${encodeURIComponent(brand)}&limit=10`);
  check(found, { 'search: finds something of the brand': (items) => items.length > 0 });
}

function look(shop) {
  product(shop);
}

function review(shop) {
  getPage('own orders', '/api/orders?limit=10', { headers: session(shop) });
}

function buy(shop) {
  const wanted = product(shop);
  const headers = session(shop);
  think();
  const order = placeOrder(wanted, headers);
  if (!order) return;
  const readBack = getJson('order', `/api/orders/${order.id}`, { headers });
  check(readBack, { 'order: reads back as placed': (read) => read.id === order.id && read.total === order.total });
}

let rank;

function product({ ids }) {
  rank ??= zipf(ids.length);
  const id = ids[rank()];
  const found = getJson('product', `/api/products/${id}`);
  check(found, {
    'product: is the one asked for': (product) => product.id === id,
    'product: stock is not negative': ({ stock }) => stock >= 0,
  });
  return found;
}

let headers;

/** Everybody logs in when they first need to, so logins spread over the ramp. */
function session({ emails }) {
  headers ??= logIn(emails[exec.vu.idInTest % emails.length]);
  return headers;
}
