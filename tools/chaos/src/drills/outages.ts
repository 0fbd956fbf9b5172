import { services } from '@souk/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import { type BackingName, natsOptions } from '@souk/stack';
import { connect } from '@nats-io/transport-node';
import type { System } from '../system.ts';
import { quantile } from '@souk/stack';
import { atMost, exactly, noted, type Drill, type Figure, pidOf } from './drill.ts';
import { after, everyday, isError, isOk, openLoop } from './traffic.ts';
import { type Answer, Visitor } from './visitor.ts';

const PER_SECOND = 100;
const OUTAGE_S = 60;
const REPLICAS = 2;

/** Cuts everybody off from a service, connections and all, until the answer is called. */
function cutOff(system: System, service: BackingName): () => void {
  const links = system.wires.all.filter((wire) => wire.service === service).map(({ link }) => link);
  const heals = links.map((link) => link.refuse());
  for (const link of links) link.reset();
  return () => heals.forEach((heal) => heal());
}

export const natsOutage: Drill = {
  title: 'NATS gone for a minute',
  async run({ system }) {
    const visitor = await Visitor.enter(system);
    const ask = await everyday(visitor, await visitor.stock(1_000_000));
    await openLoop(PER_SECOND, after(2), ask);
    const heal = cutOff(system, 'nats');
    await pause(1_000);
    const answers = await openLoop(PER_SECOND, after(OUTAGE_S), ask);
    heal();
    const healed = performance.now();
    await untilAllWell(ask);
    const back = (performance.now() - healed) / 1_000;
    await pause(1_000);
    const failed = answers.filter(isError);
    const figures = [
      noted('answered all the same, from the cache', answers.filter(isOk).length),
      exactly('failed with another status than 503', failed.filter(({ status }) => status !== 503).length, 0),
      atMost(
        'p99 of the 503',
        quantile(
          failed.map(({ ms }) => ms),
          0.99,
        ),
        50,
        'ms',
      ),
      atMost('all calls succeed again after', back, 3, 's'),
      ...(await listeners(system)),
    ];
    await visitor.leave();
    return figures;
  },
};

/** Twenty calls in a row that succeed. */
async function untilAllWell(ask: () => Promise<Answer>): Promise<void> {
  for (let row = 0; row < 20;) {
    row = isOk(await ask()) ? row + 1 : 0;
  }
}

/** How many replicas of each service answer on the bus. */
async function listeners(system: System): Promise<Figure[]> {
  const nats = await connect(natsOptions(system.summary.natsUrl));
  const figures: Figure[] = [];
  for (const service of services) {
    const answers = await nats.requestMany(`$SRV.PING.${service}`, undefined, { maxWait: 1_000 });
    let replies = 0;
    for await (const _ of answers) replies += 1;
    figures.push(exactly(`replicas of ${service} that hear`, replies, REPLICAS));
  }
  await nats.close();
  return figures;
}

export const redisOutage: Drill = {
  title: 'Redis dead',
  run: ({ system }) => outage(system, 'redis'),
};

async function outage(system: System, service: BackingName): Promise<Figure[]> {
  const visitor = await Visitor.enter(system);
  const ask = await everyday(visitor, await visitor.stock(1_000_000));
  await openLoop(PER_SECOND, after(2), ask);
  const heal = cutOff(system, service);
  const answers = await openLoop(PER_SECOND, after(15), ask);
  heal();
  await visitor.leave();
  return [exactly(`failed of ${answers.length}`, answers.filter(isError).length, 0)];
}

export const userOutage: Drill = {
  title: 'User service dead',
  async run({ system }) {
    const visitor = await Visitor.enter(system);
    const ask = await everyday(visitor, await visitor.stock(1_000_000));
    const pids = [pidOf(system, 'user-1'), pidOf(system, 'user-2')];
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    const answers = await openLoop(PER_SECOND, after(15), ask);
    for (const pid of pids) process.kill(pid, 'SIGCONT');
    await visitor.leave();
    return [exactly(`failed of ${answers.length} with a valid token`, answers.filter(isError).length, 0)];
  },
};
