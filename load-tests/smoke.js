// 50 shoppers browse and order for ten seconds; every answer is checked.
//
//   RATE_LIMIT_FACTOR=1000 npm run up -- --exec 'k6 run load-tests/smoke.js'
//
// All shoppers share one address, so the stack must run with its rate limits raised.
import { check, fail, sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';

const BASE_URL = __ENV.BASE_URL || 'http://localhost:8080';
const SHOPPERS = 50;
// Passwords are hashed two at a time: more at once would only wait.
const REGISTERED_AT_ONCE = 5;

export const options = {
  vus: SHOPPERS,
  duration: '10s',
  setupTimeout: '60s',
  thresholds: { checks: ['rate==1'], http_req_failed: ['rate<0.01'] },
};

// Somebody else may have taken the last piece; that is an answer, not a failure.
const orderStatuses = http.expectedStatuses(201, 409);

export function setup() {
  const health = http.get(`${BASE_URL}/health`);
  if (health.status !== 200) fail(`${BASE_URL} is not up: GET /health gave ${health.status || health.error}`);
  return { tokens: registerShoppers(), categories: categoryNames() };
}

export default function shop({ tokens, categories }) {
  const category = encodeURIComponent(pick(categories));
  const products = getPage('list of a category', `/api/products?category=${category}&limit=20`);
  think();
  const wanted = pick(products.filter(({ stock }) => stock > 0));
  if (!wanted) return;

  const found = getPage('search', `/api/products?q=${encodeURIComponent(wanted.brand)}&limit=10`);
  check(found, { 'search: finds something of the brand': (items) => items.length > 0 });
  const product = getJson('product', `/api/products/${wanted.id}`);
  check(product, { 'product: is the one asked for': ({ id, name }) => id === wanted.id && name === wanted.name });
  think();

  orderOne(product, tokens[exec.vu.idInTest - 1]);
  think();
}

function orderOne(product, token) {
  const headers = { Authorization: `Bearer ${token}` };
  const order = placeOrder(product, headers);
  if (order) {
    const readBack = getJson('order', `/api/orders/${order.id}`, { headers });
    check(readBack, { 'order: reads back as placed': (read) => read.id === order.id && read.total === order.total });
  }
  const own = getPage('own orders', '/api/orders', { headers });
  check(own, { 'own orders: show the new one': (orders) => !order || orders.some(({ id }) => id === order.id) });
}

function placeOrder(product, headers) {
  const response = http.post(
    `${BASE_URL}/api/orders`,
    JSON.stringify({ items: [{ productId: product.id, quantity: 1 }] }),
    {
      headers: { ...headers, 'Content-Type': 'application/json' },
      responseCallback: orderStatuses,
      tags: { name: 'POST order' },
    },
  );
  check(response, {
    'order: placed (201) or refused for stock (409)': ({ status }) =>
      status === 201 || (status === 409 && isShortage(response)),
  });
  if (response.status !== 201) return undefined;
  const order = response.json();
  check(order, { 'order: total is the price of the product': ({ total }) => total === product.price });
  return order;
}

const isShortage = (response) => ['OUT_OF_STOCK', 'ORDER_IN_PROGRESS'].includes(response.json('code'));

/** GETs a document; after any answer but 200 the iteration ends, with its failed check on record. */
function getJson(what, path, params = {}) {
  const response = http.get(`${BASE_URL}${path}`, { ...params, tags: { name: `GET ${what}` } });
  const answered = check(response, { [`${what}: 200`]: ({ status }) => status === 200 });
  if (!answered) fail(`${what}: ${response.status} ${response.error || response.body}`);
  return response.json();
}

function getPage(what, path, params) {
  const page = getJson(what, path, params);
  check(page, { [`${what}: has items and nextCursor`]: (page) => Array.isArray(page.items) && 'nextCursor' in page });
  return page.items;
}

function registerShoppers() {
  const run = Date.now();
  const requests = Array.from({ length: SHOPPERS }, (_, index) => ({
    method: 'POST',
    url: `${BASE_URL}/api/auth/register`,
    body: JSON.stringify({ email: `shopper-${run}-${index}@load.test`, password: 'pass123', name: `Shopper ${index}` }),
    params: { headers: { 'Content-Type': 'application/json' }, tags: { name: 'POST register' } },
  }));
  const tokens = [];
  while (requests.length > 0) tokens.push(...http.batch(requests.splice(0, REGISTERED_AT_ONCE)).map(accessToken));
  return tokens;
}

function accessToken(response) {
  const registered = check(response, { 'register: 201': ({ status }) => status === 201 });
  if (!registered) fail(`register: ${response.status} ${response.error || response.body}`);
  return response.json('accessToken');
}

function categoryNames() {
  const { items } = getJson('categories', '/api/categories');
  if (items.length === 0) fail(`${BASE_URL} has an empty catalogue: start the stack without --no-seed.`);
  return items.map(({ name }) => name);
}

const pick = (from) => from[Math.floor(Math.random() * from.length)];

const think = () => sleep(0.1 + Math.random() * 0.2);
