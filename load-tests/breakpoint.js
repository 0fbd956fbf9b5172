// More and more visits a second until the shop cannot keep up; the run ends there, and its rate is the figure.
//
//   npm run load -- breakpoint
import { optionsFor } from './lib/profiles.js';
export { setup, visit as default } from './lib/journey.js';

const stop = (threshold) => ({ threshold, abortOnFail: true, delayAbortEval: '10s' });

export const options = optionsFor('breakpoint', {
  checks: ['rate>0.9'],
  http_req_failed: [stop('rate<0.05')],
  http_req_duration: [stop('p(95)<2000')],
});
