// Fifty shoppers for an hour. Look at the memory of the apps beside it: it must not grow.
//
//   npm run load -- soak            (-e SCALE=0.1 for six minutes)
import { optionsFor } from './lib/profiles.js';
export { setup, visit as default } from './lib/journey.js';

export const options = optionsFor('soak', { http_req_duration: ['p(95)<300', 'p(99)<1000'] });
