import { setTimeout as pause } from 'node:timers/promises';
import { APPS, quantile } from '@souk/stack';
import { atMost, exactly, noted, type Drill, type Figure, pidOf } from './drill.ts';
import { during, isError } from './traffic.ts';
import { type Answer, Visitor } from './visitor.ts';

const PER_SECOND = 100;

const errorsOf = (answers: readonly Answer[]): Answer[] => answers.filter(isError);

/** Seconds from the first failed call to the last answer of one. */
function failingFor(answers: readonly Answer[]): number {
  const failed = errorsOf(answers);
  if (failed.length === 0) return 0;
  return (Math.max(...failed.map(({ at, ms }) => at + ms)) - Math.min(...failed.map(({ at }) => at))) / 1_000;
}

/** One of two replicas of each app is killed; the minute around it. */
export const killedReplica: Drill = {
  title: 'kill -9 of one of two replicas',
  async run({ system, say }) {
    const visitor = await Visitor.enter(system);
    const figures: Figure[] = [];
    for (const app of APPS) {
      say(`${app}-1 is killed`);
      const answers = await during(visitor, PER_SECOND, async () => {
        process.kill(pidOf(system, `${app}-1`), 'SIGKILL');
        await pause(52_000);
      });
      figures.push(
        atMost(`${app}: failed of ${answers.length}`, (errorsOf(answers).length / answers.length) * 100, 0.1, '%'),
      );
    }
    await visitor.leave();
    return figures;
  },
};

/** Every replica of every app is restarted, one after the other. */
export const rollingRestart: Drill = {
  title: 'Rolling restart of every app',
  async run({ system, say }) {
    const visitor = await Visitor.enter(system);
    const figures: Figure[] = [];
    for (const app of APPS) {
      say(`${app} is restarted`);
      const answers = await during(visitor, PER_SECOND, () => system.stack.restart(app));
      const failed = errorsOf(answers);
      for (const { status, code, ms } of failed) say(`failed after ${ms.toFixed()} ms: ${status} ${code}`);
      figures.push(exactly(`${app}: failed of ${answers.length}`, failed.length, 0));
    }
    await visitor.leave();
    return figures;
  },
};

/** One of two replicas of each app does not run for 15 s, and nobody is told. */
export const frozenReplica: Drill = {
  title: 'A frozen replica',
  async run({ system, say }) {
    const visitor = await Visitor.enter(system);
    const figures: Figure[] = [];
    for (const app of APPS) {
      say(`${app}-2 is frozen for 15 s`);
      const answers = await during(visitor, PER_SECOND, async () => {
        const pid = pidOf(system, `${app}-2`);
        process.kill(pid, 'SIGSTOP');
        await pause(15_000);
        process.kill(pid, 'SIGCONT');
      });
      figures.push(
        atMost(`${app}: calls fail for`, failingFor(answers), 6, 's'),
        noted(`${app}: failed of ${answers.length}`, errorsOf(answers).length),
        atMost(
          `${app}: longest wait`,
          quantile(
            answers.map(({ ms }) => ms),
            1,
          ) / 1_000,
          3.5,
          's',
        ),
      );
      await pause(5_000);
    }
    await visitor.leave();
    return figures;
  },
};
