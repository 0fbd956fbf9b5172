import { Admission } from '../admission.ts';
import { CircuitBreakers } from '../circuit-breakers.ts';
import { RetryBudget } from '../retry-budget.ts';

const ROUNDS = 21;
const CALLS = 5_000;

type Work = () => Promise<void>;

const bare: Work = async () => {};

/**
 * What all policies of one call cost together, on both sides: retry budget and breaker at the caller, admission at the
 * handler. Rounds with and without them alternate, so that what else the machine does falls on both; the median of the
 * differences, in microseconds.
 */
export async function measurePolicyCost(): Promise<{ microsecondsPerCall: number }> {
  const guarded = guard(bare);
  await timePerCall(bare);
  await timePerCall(guarded);
  const differences: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const without = await timePerCall(bare);
    differences.push((await timePerCall(guarded)) - without);
  }
  return { microsecondsPerCall: median(differences) };
}

function guard(work: Work): Work {
  const budget = new RetryBudget();
  const breakers = new CircuitBreakers({ isFailure: () => true });
  const admission = new Admission({ name: 'bench', limit: 8, shares: { high: 1, low: 0.5 } });
  const handle: Work = async () => {
    await new Promise((admitted) => admission.enter('low', 1_000, admitted));
    try {
      await work();
    } finally {
      admission.leave('low');
    }
  };
  return async () => {
    budget.earn();
    await breakers.run('target', handle);
  };
}

async function timePerCall(work: Work): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < CALLS; i++) await work();
  return ((performance.now() - start) * 1_000) / CALLS;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
