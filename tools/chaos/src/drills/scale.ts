import type { Layout, System } from '../system.ts';
import { CrowdOfClients } from './crowd-of-clients.ts';
import { atLeast, exactly, noted, type Drill } from './drill.ts';
import { closedLoop, isOk } from './traffic.ts';
import { PATIENCE_MS, Visitor } from './visitor.ts';

/** Milliseconds, each way: as much as keeps two replicas below what two cores can do. */
const LATENCY_MS = 20;
const PRODUCTS = 100;
const READERS = 64;
const SECONDS = 10;

// Every read goes to the store. One gateway alone would let too few of them through to keep two replicas busy.
const layoutOf = (products: number): Layout => ({
  replicas: { gateway: 2, product: products },
  env: { CATALOGUE_TTL_MS: '0' },
  isWired: (way) => /^product-\d\/mongo$/.test(way),
});

/** What a second product replica is worth when the store is slow to answer. */
export const slowStore: Drill = {
  title: 'Two product replicas before a slow store',
  layout: layoutOf(1),
  async run({ system, start, say }) {
    const one = await readsOf(system);
    say(`${Math.round(one.perSecond)} reads/s by one`);
    const two = await readsOf(await start(layoutOf(2)));
    return [
      noted('reads by one replica', one.perSecond, '/s'),
      noted('reads by two replicas', two.perSecond, '/s'),
      exactly('failed', one.failed + two.failed, 0),
      atLeast('two as against one', two.perSecond / one.perSecond, 1.8, '×'),
    ];
  },
};

async function readsOf(system: System) {
  const visitor = await Visitor.enter(system);
  const ids = await Promise.all(Array.from({ length: PRODUCTS }, () => visitor.stock(1)));
  const looks = ids.map((id) => visitor.lookMessage(id));
  const crowd = new CrowdOfClients(system.summary.baseUrl, PATIENCE_MS);
  const ask = crowd.inTurn(looks);
  for (const { link } of system.wires.all) link.delay(LATENCY_MS, 0);
  await closedLoop(READERS, 3, ask);
  const answers = await closedLoop(READERS, SECONDS, ask);
  crowd.leave();
  await visitor.leave();
  const read = answers.filter(isOk).length;
  return { perSecond: read / SECONDS, failed: answers.length - read };
}
