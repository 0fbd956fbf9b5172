import { setTimeout as pause } from 'node:timers/promises';
import { AppError, type Contract } from '@souk/contracts';
import { remainingMs } from '@souk/platform';
import { RetryBudget } from '@souk/resilience';
import { retryBudgetChannel, retryChannel } from './rpc.channels.ts';
import { isNobodyThere, isTimeout } from './rpc.errors.ts';

/** Milliseconds that must be left of the deadline when a retry starts (DESIGN §4). */
const LEAST_LEFT_MS = 300;
/** Full jitter: callers that failed together do not come back together. */
const jitterMs = (): number => 50 + Math.random() * 150;

/** One retry of a call that may be sent again, out of a budget, where the failure says nothing about the request. */
export class Retry {
  readonly #budget = new RetryBudget();
  #announced: number | undefined;

  async run<T>(contract: Contract, send: () => Promise<T>): Promise<T> {
    this.#budget.earn();
    this.#announceBudget();
    try {
      return await send();
    } catch (error) {
      const delay = jitterMs();
      if (!isWorthwhile(contract, error, delay) || !this.#spend(contract)) throw error;
      await pause(delay);
      return await send().catch((second: unknown) => {
        throw moreTelling(error, second);
      });
    }
  }

  #spend({ subject }: Contract): boolean {
    const sent = this.#budget.spend();
    retryChannel.publish({ subject, outcome: sent ? 'sent' : 'noBudget' });
    this.#announceBudget();
    return sent;
  }

  #announceBudget(): void {
    const { left } = this.#budget;
    if (left !== this.#announced) retryBudgetChannel.publish({ left });
    this.#announced = left;
  }
}

const isWorthwhile = (contract: Contract, error: unknown, delay: number): boolean =>
  contract.idempotent && saysNothing(error) && remainingMs() - delay >= LEAST_LEFT_MS;

// Not the breaker's refusal, a broken connection or a shed: these ask for less, not for more.
const saysNothing = (error: unknown): boolean =>
  isTimeout(error) || isNobodyThere(error) || (error instanceof AppError && error.code === 'SERVICE_UNAVAILABLE');

// A first try without an answer may have done its work: whatever refused the second must not hide that.
const moreTelling = (first: unknown, second: unknown): unknown => (isTimeout(first) ? first : second);
