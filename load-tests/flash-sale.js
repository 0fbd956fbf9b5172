// A hundred pieces, three hundred buyers, one moment. Exactly a hundred are sold, whoever asks again, and nothing is lost.
//
//   npm run load -- flash-sale      (elsewhere: -e ADMIN_EMAIL=… -e ADMIN_PASSWORD=…)
import { check, fail, sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Gauge } from 'k6/metrics';
import { getJson, logIn, mustBeOpen, postJson, registerShoppers } from './lib/shop.js';

const PIECES = Number(__ENV.PIECES || 100);
const BUYERS = Number(__ENV.BUYERS || 300);
const ACCOUNTS = 30;
/** Times a buyer who is told to come again does so; with the same key, so that no try counts twice. */
const TRIES = 60;

const sold = new Counter('units_sold');
const refused = new Counter('buyers_refused');
const unexplained = new Gauge('units_unexplained');

export const options = {
  scenarios: { sale: { executor: 'per-vu-iterations', vus: BUYERS, iterations: 1, maxDuration: '120s' } },
  setupTimeout: '120s',
  thresholds: {
    checks: ['rate==1'],
    units_sold: [`count==${Math.min(PIECES, BUYERS)}`],
    buyers_refused: [`count==${Math.max(0, BUYERS - PIECES)}`],
    // What left the shelf and what was sold are the same.
    units_unexplained: ['value==0'],
  },
};

export function setup() {
  mustBeOpen();
  const { ADMIN_EMAIL, ADMIN_PASSWORD } = __ENV;
  if (!ADMIN_EMAIL || !ADMIN_PASSWORD) fail('Say who may add products: -e ADMIN_EMAIL=… -e ADMIN_PASSWORD=…');
  const product = { name: `Flash sale ${Date.now()}`, price: 19.99, category: 'Flash sale', stock: PIECES };
  const created = postJson('product', '/api/products', product, logIn(ADMIN_EMAIL, ADMIN_PASSWORD));
  if (created.status !== 201) fail(`product: ${created.status} ${created.body}`);
  const sessions = registerShoppers(ACCOUNTS).map((email) => logIn(email));
  return { productId: created.json('id'), sessions };
}

export default function buy({ productId, sessions }) {
  const headers = { ...sessions[exec.vu.idInTest % sessions.length], 'Idempotency-Key': `sale-${exec.vu.idInTest}` };
  const items = [{ productId, quantity: 1 }];
  const status = lastingAnswer(() =>
    postJson('order', '/api/orders', { items }, headers, {
      responseCallback: http.expectedStatuses(201, 409, 503, 504),
    }),
  );
  check(status, { 'sale: sold (201) or sold out (409)': (status) => status === 201 || status === 409 });
  if (status === 201) sold.add(1);
  if (status === 409) refused.add(1);
}

/** The status in the end: who is told that the shop is busy, or that nobody knows, asks again. */
function lastingAnswer(ask) {
  for (let turn = 0; turn < TRIES; turn++) {
    const response = ask();
    const isInProgress = response.status === 409 && response.json('code') === 'ORDER_IN_PROGRESS';
    if (response.status !== 503 && response.status !== 504 && !isInProgress) return response.status;
    sleep(0.2 + Math.random() * 0.3);
  }
  return 0;
}

export function teardown({ productId, sessions }) {
  // Caches may be three seconds behind.
  sleep(4);
  const { stock } = getJson('product', `/api/products/${productId}`);
  const orders = sessions.reduce((sum, headers) => sum + ordersOf(headers, productId), 0);
  unexplained.add(PIECES - stock - orders);
  check(stock, { 'sale: nothing below zero': (left) => left >= 0 });
}

function ordersOf(headers, productId) {
  const { items } = getJson('own orders', '/api/orders?limit=100', { headers });
  return items.filter((order) => order.items.some((item) => item.productId === productId)).length;
}
