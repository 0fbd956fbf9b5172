// The shop as its shoppers see it. Whatever is not answered as documented ends the iteration, with a failed check on record.
import { check, fail, sleep } from 'k6';
import http from 'k6/http';

export const BASE_URL = (__ENV.BASE_URL || 'http://localhost:8080').replace(/\/+$/, '');

// Passwords are hashed two at a time: more at once would only wait.
const REGISTERED_AT_ONCE = 5;
const PASSWORD = 'pass123';

// Somebody else may have taken the last piece: an answer, not a failure.
const orderStatuses = http.expectedStatuses(201, 409);
const loginStatuses = http.expectedStatuses(200, 503);
const LOGIN_TRIES = 5;
const JSON_BODY = { 'Content-Type': 'application/json' };

/** Fails the run at once where there is no shop, or an empty one. */
export function mustBeOpen() {
  const health = http.get(`${BASE_URL}/health`);
  if (health.status !== 200) fail(`${BASE_URL} is not up: GET /health gave ${health.status || health.error}`);
  const { items } = getJson('categories', '/api/categories');
  if (items.length === 0) fail(`${BASE_URL} has an empty catalogue: start the stack without --no-seed.`);
  return items.map(({ name }) => name);
}

/** GETs a document. */
export function getJson(what, path, params = {}) {
  const response = http.get(`${BASE_URL}${path}`, { ...params, tags: { name: `GET ${what}` } });
  const answered = check(response, { [`${what}: 200`]: ({ status }) => status === 200 });
  if (!answered) fail(`${what}: ${response.status} ${response.error || response.body}`);
  return response.json();
}

/** GETs a list; its items. */
export function getPage(what, path, params) {
  const page = getJson(what, path, params);
  check(page, { [`${what}: has items and nextCursor`]: (page) => Array.isArray(page.items) && 'nextCursor' in page });
  return page.items;
}

/** Up to `count` product ids, those listed first being the ones that are bought most. */
export function productIds(count) {
  const ids = [];
  let cursor = '';
  while (ids.length < count) {
    const { items, nextCursor } = getJson('list of all', `/api/products?limit=100${cursor}`);
    ids.push(...items.map(({ id }) => id));
    if (nextCursor === null) break;
    cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
  }
  return ids.slice(0, count);
}

/** Registers customers; their e-mails. */
export function registerShoppers(count) {
  const run = Date.now();
  const emails = Array.from({ length: count }, (_, index) => `shopper-${run}-${index}@load.test`);
  for (let first = 0; first < count; first += REGISTERED_AT_ONCE) {
    const some = emails.slice(first, first + REGISTERED_AT_ONCE);
    for (const response of http.batch(some.map(registration))) mustBe(201, 'register', response);
  }
  return emails;
}

const registration = (email) => ({
  method: 'POST',
  url: `${BASE_URL}/api/auth/register`,
  body: JSON.stringify({ email, password: PASSWORD, name: 'Load Shopper' }),
  params: { headers: JSON_BODY, tags: { name: 'POST register' } },
});

/** Logs in; the headers that say so. Who is told to come again does: a login is a hash, and the shop takes so many at once. */
export function logIn(email, password = PASSWORD) {
  const ask = () => postJson('login', '/api/auth/login', { email, password }, {}, { responseCallback: loginStatuses });
  let response = ask();
  for (let tries = 1; response.status === 503 && tries < LOGIN_TRIES; tries++) {
    sleep(Number(response.headers['Retry-After'] || 1) * (0.5 + Math.random()));
    response = ask();
  }
  mustBe(200, 'login', response);
  return { Authorization: `Bearer ${response.json('accessToken')}` };
}

/** POSTs a document; the answer, whatever it is. */
export function postJson(what, path, body, headers = {}, params = {}) {
  return http.post(`${BASE_URL}${path}`, JSON.stringify(body), {
    headers: { ...JSON_BODY, ...headers },
    tags: { name: `POST ${what}` },
    ...params,
  });
}

/** Orders one piece; the order, or undefined where there was none left. */
export function placeOrder(product, headers) {
  const items = [{ productId: product.id, quantity: 1 }];
  const response = postJson('order', '/api/orders', { items }, headers, { responseCallback: orderStatuses });
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

function mustBe(status, what, response) {
  if (check(response, { [`${what}: ${status}`]: (answer) => answer.status === status })) return;
  fail(`${what}: ${response.status} ${response.error || response.body}`);
}

export const pick = (from) => from[Math.floor(Math.random() * from.length)];

/** Reads, for as long as people do here: 0.1 to 0.3 s. */
export const think = () => sleep(0.1 + Math.random() * 0.2);
