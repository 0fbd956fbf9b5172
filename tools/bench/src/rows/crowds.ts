import { setTimeout as pause } from 'node:timers/promises';
import { memoryOfStack } from '@souk/stack';
import { k6 } from '../k6.ts';
import type { Bench, Row } from '../row.ts';
import { Shop } from '../shop.ts';
import { serveFiles } from '../static-nginx.ts';

/** Of k6 and its shoppers, which take their time to start, as against wrk. */
const LONGER = 4;
const RAMP_S = 2;
const MEGABYTE = 1 << 20;

/** 200 who look at the health and the first page of the catalogue, again and again. */
export const lookers = ({ baseUrl, seconds }: Bench) =>
  ({ suite: 'k6-simple-test', base: baseUrl, shoppers: 200, rampSeconds: RAMP_S, seconds: seconds * LONGER }) as const;

/** There is no figure where the suite's own threshold is missed: 95 of 100 answers within 100 ms. */
export const twoHundred: Row = {
  name: '200 shoppers, health and products, through Nginx',
  against: 'Nginx, files of the same bytes',
  unit: 'requests/s',
  must: 0.6,
  aim: 0.85,
  least: 6_000,
  async prepare(bench) {
    const crowd = lookers(bench);
    const shop = new Shop(bench.baseUrl);
    const [health, products] = [await shop.text('/health'), await shop.text('/api/products')];
    const { base, stop } = await serveFiles(bench.directory, { '/health': health, '/api/products': products });
    return {
      ours: () => k6(crowd, bench.directory),
      reference: () => k6({ ...crowd, base }, bench.directory),
      end: stop,
    };
  },
};

/** All at once, their logins would be the load. */
const LOGIN_RAMP_S = 60;

/** There is no figure where the suite's own thresholds are missed: no failure, 95 of 100 answers within a second. */
export const fiveHundred: Row = {
  name: '500 shoppers on their journeys',
  against: '200 of them',
  unit: 'requests/s',
  must: 0.9,
  aim: 1,
  async prepare({ baseUrl, seconds, directory }) {
    const crowd = { suite: 'stress', base: baseUrl, rampSeconds: LOGIN_RAMP_S, seconds: seconds * LONGER } as const;
    return {
      ours: () => k6({ ...crowd, shoppers: 500 }, directory),
      reference: () => k6({ ...crowd, shoppers: 200 }, directory),
    };
  },
};

export const memory: Row = {
  name: 'memory of the apps under 200 shoppers (PSS)',
  against: 'what they may have',
  unit: 'MB',
  isLessBetter: true,
  must: 1,
  aim: 1.5,
  async prepare(bench) {
    return {
      ours: () =>
        highestDuring(
          k6({ ...lookers(bench), isBackground: true }, bench.directory),
          () => (memoryOfStack(bench.stateFile) ?? Number.NaN) / MEGABYTE,
        ),
      reference: async () => 600,
    };
  },
};

async function highestDuring(load: Promise<unknown>, read: () => number): Promise<number> {
  const over = load.then(() => true);
  let highest = read();
  while (!(await Promise.race([over, pause(500, false)]))) highest = Math.max(highest, read());
  return highest;
}
