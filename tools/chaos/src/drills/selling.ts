import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import { productContracts } from '@souk/contracts';
import { natsOptions } from '@souk/stack';
import { flushAll } from '../nemesis/flush.ts';
import { atMost, exactly, noted, type Drill, type Figure, pidOf } from './drill.ts';
import { isError } from './traffic.ts';
import { type Answer, Visitor } from './visitor.ts';

const withStatus = (answers: readonly Answer[], wanted: number): number =>
  answers.filter(({ status }) => status === wanted).length;

/** 200 want the one unit there is; 1,000 want 300, a hundred at a time. */
export const buyers: Drill = {
  title: 'More buyers than units',
  async run({ system }) {
    const visitor = await Visitor.enter(system);
    const rush = await rushFor(visitor, 1);
    const many = await visitor.stock(300);
    const queue = Array.from({ length: 1_000 }, () => many);
    const sale: Answer[] = [];
    const buyer = async () => {
      for (let id = queue.pop(); id; id = queue.pop())
        sale.push(await visitor.placeSurely([{ productId: id, quantity: 1 }]));
    };
    await Promise.all(Array.from({ length: 100 }, buyer));
    const figures = [
      exactly('200 buyers of 1 unit: 201', withStatus(rush, 201), 1),
      exactly('200 buyers of 1 unit: 409', withStatus(rush, 409), 199),
      exactly('200 buyers of 1 unit: 5xx or no answer', rush.filter(isError).length, 0),
      noted('200 buyers of 1 unit: longest wait', Math.max(...rush.map(({ ms }) => ms)), 'ms'),
      exactly('1,000 buyers of 300 units: 201', withStatus(sale, 201), 300),
      exactly('1,000 buyers of 300 units: units left', await visitor.left(many), 0),
    ];
    await visitor.leave();
    return figures;
  },
};

/** What a newcomer's `npm run up` starts, ten times in a row: the first time nothing in it is warm. */
export const rush: Drill = {
  title: '200 buyers at once, one replica',
  layout: { replicas: 1, isWired: () => false },
  async run({ system }) {
    const visitor = await Visitor.enter(system);
    const figures: Figure[] = [];
    for (let round = 1; round <= 10; round += 1) {
      const answers = await rushFor(visitor, 1);
      figures.push(
        exactly(`round ${round}: 201, 409`, `${withStatus(answers, 201)}, ${withStatus(answers, 409)}`, '1, 199'),
        noted(`round ${round}: longest wait`, Math.max(...answers.map(({ ms }) => ms)), 'ms'),
      );
    }
    await visitor.leave();
    return figures;
  },
};

async function rushFor(visitor: Visitor, units: number): Promise<Answer[]> {
  const productId = await visitor.stock(units);
  return Promise.all(Array.from({ length: 200 }, () => visitor.place([{ productId, quantity: 1 }])));
}

/** 100 posts of one key, with a kill and a flushed Redis between them. */
export const oneKey: Drill = {
  title: 'One key, a hundred times',
  async run({ system }) {
    const visitor = await Visitor.enter(system);
    const productId = await visitor.stock(1_000);
    const key = randomUUID();
    const ask = () => visitor.place([{ productId, quantity: 1 }], key);
    const first = Promise.all(Array.from({ length: 50 }, ask));
    for (const name of ['order-1', 'gateway-2']) process.kill(pidOf(system, name), 'SIGKILL');
    const early = await first;
    if (system.summary.redisUrl) await flushAll(system.summary.redisUrl);
    await pause(3_000);
    const late = await Promise.all(Array.from({ length: 50 }, ask));
    const orders = [...early, ...late].filter(({ status }) => status === 201);
    await untilStockIs(visitor, productId, 999);
    const figures = [
      exactly('different 201 bodies', new Set(orders.map(({ body }) => body)).size, 1),
      exactly('of the 50 after the kill and FLUSHALL: the same 201', withStatus(late, 201), 50),
      exactly('of these marked as replayed', late.filter(({ replayed }) => replayed).length, 50),
      exactly('units left of 1,000', await visitor.left(productId), 999),
    ];
    await visitor.leave();
    return figures;
  },
};

/** Stock that was taken for an order nobody places. */
export const abandonedHold: Drill = {
  title: 'An abandoned hold comes back',
  async run({ system }) {
    const visitor = await Visitor.enter(system);
    const productId = await visitor.stock(5);
    await reserveOnly(system.summary.natsUrl, productId);
    const start = performance.now();
    await untilStockIs(visitor, productId, 5);
    const figure: Figure = atMost(
      'back in stock, as the gateway shows it, after',
      (performance.now() - start) / 1_000,
      10,
      's',
    );
    await visitor.leave();
    return [figure];
  },
};

async function reserveOnly(url: string, productId: string): Promise<void> {
  const nats = await connect(natsOptions(url));
  const order = { orderId: randomUUID().replaceAll('-', ''), userId: productId, items: [{ productId, quantity: 2 }] };
  await nats.request(productContracts.reserve.subject, JSON.stringify(order), { timeout: 1_000 });
  await nats.close();
}

async function untilStockIs(visitor: Visitor, productId: string, units: number): Promise<void> {
  for (const end = performance.now() + 30_000; performance.now() < end; await pause(100)) {
    if ((await visitor.left(productId)) === units) return;
  }
}
