import { channel } from 'node:diagnostics_channel';
import {
  BrokenCircuitError,
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
} from 'cockatiel';

/** Published on every change of state, as `{ target, state }`. */
export const breakerChannel = channel('souk:breaker');

export interface CircuitBreakerOptions {
  /** Which errors say that the target is unwell. A refusal of a bad request does not. */
  isFailure: (error: unknown) => boolean;
  /** Failures in a row that open the breaker; default 5. */
  threshold?: number;
  /** Milliseconds until one call may probe an open breaker; default 1,000. */
  halfOpenAfterMs?: number;
}

/** The breaker of `target` is open: nothing was sent. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';
  constructor(readonly target: string) {
    super(`${target} is failing; calls to it are refused for a moment`);
  }
}

/** One circuit breaker per target. Failures in a row, not a rate: one dead replica of two must not close the door. */
export class CircuitBreakers {
  readonly #policies = new Map<string, CircuitBreakerPolicy>();
  readonly #options: Required<CircuitBreakerOptions>;

  constructor({ threshold = 5, halfOpenAfterMs = 1_000, isFailure }: CircuitBreakerOptions) {
    this.#options = { threshold, halfOpenAfterMs, isFailure };
  }

  async run<T>(target: string, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#policyOf(target).execute(work);
    } catch (error) {
      throw error instanceof BrokenCircuitError ? new CircuitOpenError(target) : error;
    }
  }

  isOpen(target: string): boolean {
    return this.#policies.get(target)?.state === CircuitState.Open;
  }

  #policyOf(target: string): CircuitBreakerPolicy {
    const known = this.#policies.get(target);
    if (known) return known;
    const { isFailure, threshold, halfOpenAfterMs } = this.#options;
    const policy = circuitBreaker(handleWhen(isFailure), {
      halfOpenAfter: halfOpenAfterMs,
      breaker: new ConsecutiveBreaker(threshold),
    });
    policy.onStateChange((state) => breakerChannel.publish({ target, state: CircuitState[state] }));
    this.#policies.set(target, policy);
    return policy;
  }
}
