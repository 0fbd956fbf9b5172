import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { APPS } from '@souk/stack';
import { atLeast, atMost, exactly, noted, type Drill, type Figure, pidOf } from './drill.ts';
import { during, isOk } from './traffic.ts';
import { Visitor } from './visitor.ts';

const ORDERS = 50;

/** How long a process takes to go after SIGTERM, idle and under load, and how soon another one is there. */
export const drain: Drill = {
  title: 'SIGTERM',
  async run({ system, say }) {
    const visitor = await Visitor.enter(system);
    const figures: Figure[] = [];
    for (const app of APPS) {
      await pause(2_000);
      say(`${app}-1, idle`);
      const idle = await terminate(() => pidOf(system, `${app}-1`));
      figures.push(atMost(`${app}: gone after, idle`, idle.goneMs, 500, 'ms'));
      figures.push(atMost(`${app}: another process after`, idle.againMs, 1_000, 'ms'));
      await pause(4_000);
      say(`${app}-1, under load`);
      let goneMs = 0;
      const answers = await during(visitor, 100, async () => {
        goneMs = (await terminate(() => pidOf(system, `${app}-1`))).goneMs;
      });
      figures.push(atMost(`${app}: gone after, under load`, goneMs / 1_000, 10, 's'));
      figures.push(noted(`${app}: failed of ${answers.length}`, answers.filter((answer) => !isOk(answer)).length));
    }
    await visitor.leave();
    return figures;
  },
};

async function terminate(pidNow: () => number): Promise<{ goneMs: number; againMs: number }> {
  const pid = pidNow();
  const start = performance.now();
  process.kill(pid, 'SIGTERM');
  while (existsSync(`/proc/${pid}`)) await pause(2);
  const goneMs = performance.now() - start;
  while (!isAnother(pidNow, pid)) await pause(2);
  return { goneMs, againMs: performance.now() - start - goneMs };
}

function isAnother(pidNow: () => number, pid: number): boolean {
  try {
    return pidNow() !== pid;
  } catch {
    return false;
  }
}

/** What the store writes to disk between an order and its answer, as strace sees it. */
export const durability: Drill = {
  title: 'An acknowledged order is on disk',
  async run({ system }) {
    const visitor = await Visitor.enter(system);
    const productId = await visitor.stock(1_000);
    const log = join(system.directory, 'fsync.log');
    const tracer = spawn(
      'strace',
      ['-f', '-ttt', '-e', 'trace=fsync,fdatasync', '-o', log, '-p', String(pidOf(system, 'mongo'))],
      { stdio: 'ignore' },
    );
    await once(tracer, 'spawn').catch(() => {
      throw new Error('strace is not installed (apt install strace)');
    });
    await pause(2_000);
    const windows: { from: number; to: number }[] = [];
    for (let i = 0; i < ORDERS; i++) {
      const from = Date.now() / 1_000;
      const { status } = await visitor.place([{ productId, quantity: 1 }]);
      if (status === 201) windows.push({ from, to: Date.now() / 1_000 });
      await pause(100);
    }
    tracer.kill('SIGINT');
    await once(tracer, 'exit');
    const syncs = readFileSync(log, 'utf8').split('\n').flatMap(completedAt);
    rmSync(log);
    const covered = windows.map(({ from, to }) => syncs.filter((at) => at >= from && at <= to).length);
    await visitor.leave();
    return [
      exactly('orders acknowledged', windows.length, ORDERS),
      exactly('of these with an fsync before the answer', covered.filter((count) => count > 0).length, ORDERS),
      atLeast('least fsyncs before an answer', Math.min(...covered), 1),
    ];
  },
};

/** When an fsync of this line of strace's began, in seconds since the epoch. */
function completedAt(line: string): number[] {
  const [, at] = /^\d+\s+(\d+\.\d+)\s+(?:fsync|fdatasync)\(/.exec(line) ?? [];
  return at === undefined ? [] : [Number(at)];
}
