import { quantile } from '@souk/stack';
import { CrowdOfClients, type Status } from './crowd-of-clients.ts';
import { atLeast, atMost, noted, type Drill, type Figure } from './drill.ts';
import { after, closedLoop, isOk, openLoop } from './traffic.ts';
import { PATIENCE_MS, Visitor } from './visitor.ts';

const CLIENTS = 64;
const MEASURE_S = 10;
const OVERLOAD_S = 30;

const times = (of: readonly Status[]): number[] => of.map(({ ms }) => ms);

const isRefused = ({ status }: Status): boolean => status === 503;

/** Orders in an open loop at a multiple of what the shop can place in a closed one. */
export const overload: Drill = {
  title: 'More orders than can be placed',
  layout: { replicas: 1, isWired: () => false },
  async run({ system, say }) {
    const visitor = await Visitor.enter(system);
    const wares = await Promise.all(Array.from({ length: 50 }, () => visitor.stock(1_000_000)));
    const orders = wares.map((productId) => visitor.orderMessage([{ productId, quantity: 1 }]));
    const crowd = new CrowdOfClients(system.summary.baseUrl, PATIENCE_MS);
    const ask = crowd.inTurn(orders);
    await closedLoop(CLIENTS, 3, ask);
    const capacity = (await closedLoop(CLIENTS, MEASURE_S, ask)).filter(isOk).length / MEASURE_S;
    say(`capacity: ${Math.round(capacity)} orders/s in a closed loop of ${CLIENTS}`);
    const figures = [noted(`capacity, closed loop of ${CLIENTS}`, capacity, 'orders/s')];
    for (const [factor, goal] of [
      [2, 85],
      [10, 80],
    ] as const) {
      say(`${factor} × for ${OVERLOAD_S} s`);
      const answers = await openLoop(capacity * factor, after(OVERLOAD_S), ask);
      figures.push(...judge(factor, goal, capacity, answers));
      if (factor === 2) figures.push(...manners(factor, answers), await recovery(factor, ask));
    }
    crowd.leave();
    await visitor.leave();
    return figures;
  },
};

function judge(factor: number, goal: number, capacity: number, answers: Status[]): Figure[] {
  const accepted = answers.filter(isOk);
  const refused = answers.filter(isRefused);
  const at = `${factor} ×`;
  return [
    noted(`${at}: offered`, answers.length / OVERLOAD_S, 'orders/s'),
    atLeast(`${at}: goodput of capacity`, (accepted.length / OVERLOAD_S / capacity) * 100, goal, '%'),
    noted(`${at}: neither 201 nor 503`, answers.length - accepted.length - refused.length),
  ];
}

/** How accepted and refused clients were treated. */
function manners(factor: number, answers: Status[]): Figure[] {
  const at = `${factor} ×`;
  const accepted = answers.filter(isOk);
  const refused = answers.filter(isRefused);
  return [
    atMost(`${at}: p99 of accepted`, quantile(times(accepted), 0.99), 500, 'ms'),
    atMost(`${at}: median of refusals`, quantile(times(refused), 0.5), 10, 'ms'),
  ];
}

/** How long after the last request of the overload one is placed again within 100 ms. */
async function recovery(factor: number, ask: () => Promise<Status>): Promise<Figure> {
  const start = performance.now();
  for (;;) {
    const answer = await ask();
    if ((isOk(answer) && answer.ms < 100) || performance.now() - start > 30_000) break;
  }
  return atMost(`${factor} ×: recovered after`, (performance.now() - start) / 1_000, 1, 's');
}
