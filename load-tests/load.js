// An ordinary busy day: 200 shoppers at once for a minute.
//
//   npm run load -- load
import { optionsFor } from './lib/profiles.js';
export { setup, visit as default } from './lib/journey.js';

export const options = optionsFor('load', { http_req_duration: ['p(95)<500', 'p(99)<1000'] });
