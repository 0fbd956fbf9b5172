import type { Reservation } from '@souk/contracts';
import type { Holds, ProductClient } from '../product.client.ts';

type Request = Parameters<ProductClient['reserve']>[0];
type Restocked = Parameters<ProductClient['restock']>[0];
type Answer = (request: Request) => Reservation;

/** The product service, scripted: each reservation has an answer in turn, and a call nobody programmed fails the test. */
export class ScriptedProducts implements Pick<ProductClient, 'reserve' | 'release' | 'restock' | 'settle'> {
  readonly requests: Request[] = [];
  readonly released: Holds[] = [];
  readonly settled: Holds[] = [];
  readonly restocked: Restocked[] = [];
  readonly unprogrammed: string[] = [];
  #answers: Answer[] = [];
  #always: Answer | undefined;
  #release: (() => void) | undefined;
  #restock: (() => void) | undefined;

  answer(...answers: Answer[]): this {
    this.#answers.push(...answers);
    return this;
  }

  always(answer: Answer): this {
    this.#always = answer;
    return this;
  }

  /** From now on a give-back is expected; `outcome` may throw. */
  expectRelease(outcome: () => void = () => {}): this {
    this.#release = outcome;
    return this;
  }

  /** From now on stock is expected back; `outcome` may throw. */
  expectRestock(outcome: () => void = () => {}): this {
    this.#restock = outcome;
    return this;
  }

  async reserve(request: Request): Promise<Reservation> {
    this.requests.push(request);
    const answer = this.#answers.shift() ?? this.#always;
    return answer ? answer(request) : this.#refuse('reserve');
  }

  async release(holds: Holds): Promise<void> {
    this.released.push(holds);
    if (!this.#release) this.#refuse('release');
    else this.#release();
  }

  async restock(sold: Restocked): Promise<void> {
    this.restocked.push(sold);
    if (!this.#restock) this.#refuse('restock');
    else this.#restock();
  }

  async settle(holds: Holds[]): Promise<void> {
    this.settled.push(...holds);
  }

  /** Forgets all of it. Throws if a call was made that nobody programmed, or an answer was never asked for. */
  reset(): void {
    const left = [...this.unprogrammed.splice(0), ...this.#answers.splice(0).map(() => 'an answer nobody asked for')];
    for (const list of [this.requests, this.released, this.restocked, this.settled]) list.length = 0;
    this.#always = undefined;
    this.#release = undefined;
    this.#restock = undefined;
    if (left.length > 0) throw new Error(`product service: ${left.join(', ')}`);
  }

  #refuse(call: string): never {
    this.unprogrammed.push(`unprogrammed ${call}`);
    throw new Error(`unprogrammed ${call}`);
  }
}
