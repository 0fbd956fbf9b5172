// How many shoppers there are, and for how long. `-e SCALE=0.1` makes every duration a tenth of it.
const SCALE = Number(__ENV.SCALE || 1);

const seconds = (count) => `${Math.max(1, Math.round(count * SCALE))}s`;

const ramp = (...stages) => ({
  executor: 'ramping-vus',
  gracefulRampDown: '5s',
  stages: stages.map(([duration, target]) => ({ duration: seconds(duration), target })),
});

export const profiles = {
  /** An ordinary busy day: 200 at once. */
  load: ramp([20, 200], [60, 200], [10, 0]),
  /** Beyond it, step by step, up to 500: where the system before this one fell. */
  stress: ramp([20, 200], [30, 200], [20, 350], [30, 350], [20, 500], [30, 500], [20, 0]),
  /** From 20 to 400 within five seconds, and back. */
  spike: ramp([10, 20], [5, 400], [30, 400], [5, 20], [20, 20], [5, 0]),
  /** An hour of 50: what leaks shows. */
  soak: ramp([60, 50], [3_480, 50], [60, 0]),
  /** More and more visits a second, whether or not the ones before are done, until a threshold breaks. */
  breakpoint: {
    executor: 'ramping-arrival-rate',
    startRate: 50,
    timeUnit: '1s',
    preAllocatedVUs: 200,
    maxVUs: 2_000,
    stages: [{ duration: seconds(300), target: 2_000 }],
  },
};

/** Options of a suite: its profile, and its thresholds beside those that hold for all. */
export const optionsFor = (profile, thresholds = {}) => ({
  scenarios: { shoppers: { ...profiles[profile], exec: 'default' } },
  setupTimeout: '120s',
  thresholds: {
    checks: ['rate==1'],
    http_req_failed: ['rate==0'],
    // The business comes first: no product was ever seen with less than nothing in stock.
    'checks{check:product: stock is not negative}': ['rate==1'],
    ...thresholds,
  },
});
