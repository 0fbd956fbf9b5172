// 200, 350, then 500 shoppers at once: slower, but nobody is sent away.
//
//   npm run load -- stress
import { optionsFor } from './lib/profiles.js';
export { setup, visit as default } from './lib/journey.js';

export const options = optionsFor('stress', { http_req_duration: ['p(95)<1000'] });
