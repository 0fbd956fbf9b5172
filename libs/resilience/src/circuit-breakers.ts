import { channel } from 'node:diagnostics_channel';
import { BrokenCircuitError, circuitBreaker, type CircuitBreakerPolicy, CircuitState, handleWhen } from 'cockatiel';
import { SilenceBreaker } from './silence-breaker.ts';

/** Published at the first call to a target and on every change of state, as `{ target, state }`. */
export const breakerChannel = channel('souk:breaker');

export interface CircuitBreakerOptions {
  /** Which errors say that the target is unwell. A refusal of a bad request does not. */
  isFailure: (error: unknown) => boolean;
  /** Failures in a row that open the breaker; default 10. */
  threshold?: number;
  /** Milliseconds without a success that it takes besides; default 500. */
  silenceMs?: number;
  /** Milliseconds until one call may probe an open breaker; default 1,000. */
  halfOpenAfterMs?: number;
}

/** The breaker of `target` is open: nothing was sent. `retryAfter` is in seconds. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';
  readonly retryAfter: number;

  constructor(target: string, retryAfter: number) {
    super(`${target} is failing; calls to it are refused for a moment`);
    this.retryAfter = retryAfter;
  }
}

/** One circuit breaker per target. One dead or frozen replica of two must not close the door (`SilenceBreaker`). */
export class CircuitBreakers {
  readonly #policies = new Map<string, CircuitBreakerPolicy>();
  readonly #options: Required<CircuitBreakerOptions>;

  constructor({ threshold = 10, silenceMs = 500, halfOpenAfterMs = 1_000, isFailure }: CircuitBreakerOptions) {
    this.#options = { threshold, silenceMs, halfOpenAfterMs, isFailure };
  }

  /** Throws `CircuitOpenError`, or whatever `work` throws. */
  async run<T>(target: string, work: () => Promise<T>): Promise<T> {
    const policy = this.#policyOf(target);
    // cockatiel would let everybody wait for the probe, which may take as long as a call may.
    if (policy.state === CircuitState.HalfOpen) throw this.#refusal(target);
    try {
      return await policy.execute(work);
    } catch (error) {
      throw error instanceof BrokenCircuitError ? this.#refusal(target) : error;
    }
  }

  isOpen(target: string): boolean {
    return this.#policies.get(target)?.state === CircuitState.Open;
  }

  #refusal(target: string): CircuitOpenError {
    return new CircuitOpenError(target, Math.ceil(this.#options.halfOpenAfterMs / 1_000));
  }

  #policyOf(target: string): CircuitBreakerPolicy {
    const known = this.#policies.get(target);
    if (known) return known;
    const { isFailure, threshold, silenceMs, halfOpenAfterMs } = this.#options;
    const policy = circuitBreaker(handleWhen(isFailure), {
      halfOpenAfter: halfOpenAfterMs,
      breaker: new SilenceBreaker(threshold, silenceMs),
    });
    policy.onStateChange((state) => breakerChannel.publish({ target, state: CircuitState[state] }));
    // Known from the first call on, so that a breaker that never opened is told from one that nobody watches.
    breakerChannel.publish({ target, state: CircuitState[policy.state] });
    this.#policies.set(target, policy);
    return policy;
  }
}
