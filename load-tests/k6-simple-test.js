// Health and the first page of the catalogue, again and again; works with the rate limits as they are.
//
//   k6 run --vus 200 --duration 30s -e BASE_URL=http://localhost:8080 load-tests/k6-simple-test.js
import { check } from 'k6';
import http from 'k6/http';

const BASE_URL = (__ENV.BASE_URL || 'http://localhost:8080').replace(/\/+$/, '');

export const options = {
  vus: 50,
  duration: '10s',
  thresholds: { checks: ['rate==1'], http_req_failed: ['rate==0'], http_req_duration: ['p(95)<100'] },
};

export default function look() {
  check(http.get(`${BASE_URL}/health`), { 'health: 200': ({ status }) => status === 200 });
  check(http.get(`${BASE_URL}/api/products`), {
    'products: 200': ({ status }) => status === 200,
    'products: a page': ({ body }) => body.startsWith('{"items":['),
  });
}
