// Twenty times the shoppers within five seconds, and back. Some may be told to come again (503), nobody anything else.
//
//   npm run load -- spike
import { optionsFor } from './lib/profiles.js';
export { setup, visit as default } from './lib/journey.js';

export const options = optionsFor('spike', {
  checks: ['rate>0.95'],
  http_req_failed: ['rate<0.05'],
  http_req_duration: ['p(95)<1500'],
});
