import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  AppError,
  type HandlerInput,
  mergeLines,
  type OrderLine,
  type PricedLine,
  type productContracts,
  type Reservation,
} from '@souk/contracts';
import { storeError } from '@souk/mongo';
import { announceStep, remainingMs } from '@souk/platform';
import { AdaptiveLimit } from '@souk/resilience';
import { ENV, type ProductEnv } from './env.ts';
import type { Hold } from './product.schema.ts';
import { answerRefusal, explain, type LineOutcome, type Refusal, worstOf } from './reservation.policy.ts';
import { StockAnnouncer } from './stock-announcer.ts';
import { StockRepository, type Taken } from './stock.repository.ts';
import { Turns } from './turns.ts';

type ReserveInput = HandlerInput<typeof productContracts.reserve>;
type ReleaseInput = HandlerInput<typeof productContracts.release>;
type SettleInput = HandlerInput<typeof productContracts.settle>;
type Try = Omit<Hold, 'q'>;

/**
 * How many take one product's stock at a time. A hundred at once, as in a sale, make the store start most updates of that
 * one document anew, and some of them for so long that they run out of time; four are as fast and wait here instead.
 */
const TURNS_PER_PRODUCT = 4;
/** How many take stock at a time in all, and from which time on, in milliseconds, one of them shows that it is too many. */
const TAKES = { min: 2, max: 32, slowMs: 200 };
/**
 * No stock is taken with less than this left of the call's time: a hold that comes too late has nobody who settles it, and
 * the sweeper's work for it makes a store that is slow already slower still.
 */
const TAKE_FLOOR_MS = 300;

/** Takes stock for orders, and lets go of it: steps 2 and 4 of DESIGN §5. */
@Injectable()
export class ReservationService {
  readonly #takes = new AdaptiveLimit(TAKES);
  readonly #turns = new Turns(() => TURNS_PER_PRODUCT);
  readonly #allTurns = new Turns(() => this.#takes.value);

  constructor(
    private readonly stock: StockRepository,
    private readonly announcer: StockAnnouncer,
    @Inject(ENV) private readonly env: Pick<ProductEnv, 'CURRENCY'>,
  ) {}

  /** Takes every line or none. The attempt is drawn here: a message that is delivered twice must be two tries. */
  async reserve({ orderId, userId, items }: ReserveInput): Promise<Reservation> {
    const hold: Try = { attempt: randomUUID(), orderId, userId, at: new Date() };
    announceStep('reserve.started');
    const outcomes = await this.#takeAll(mergeLines(items), hold);
    const lines = outcomes.flatMap((outcome) => (outcome.outcome === 'held' ? [outcome.line] : []));
    const refusal = worstOf(outcomes);
    if (refusal) return this.#refuse(refusal, hold.attempt, lines);
    announceStep('reserve.taken');
    this.announcer.changed(lines.map(({ productId }) => productId));
    return { outcome: 'held', attempt: hold.attempt, currency: this.env.CURRENCY, lines };
  }

  /** Gives back what an attempt took. */
  async release({ attempt, productIds }: ReleaseInput) {
    announceStep('release.started');
    await this.#giveBack(attempt, productIds);
    announceStep('release.done');
    return {};
  }

  /** Stock that is sold has left already: nothing to announce. */
  async settle({ holds }: SettleInput) {
    const attempts = holds.map(({ attempt }) => attempt);
    await this.stock.settle(attempts, [...new Set(holds.flatMap(({ productIds }) => productIds))]);
    announceStep('settle.done');
    return {};
  }

  #takeAll(lines: OrderLine[], hold: Try): Promise<LineOutcome[]> {
    return Promise.all(lines.map((line) => this.#take(line, hold).catch(unanswered)));
  }

  // What came back between the update and the look is taken once more; then another try is taking it.
  async #take(line: OrderLine, hold: Try): Promise<LineOutcome> {
    const held = await this.#takeOnce(line, hold);
    if (held) return held;
    const refusal = explain(line, await this.stock.inspect(line.productId, hold.orderId));
    return refusal ?? (await this.#takeOnce(line, hold)) ?? { outcome: 'inProgress' };
  }

  async #takeOnce({ productId, quantity }: OrderLine, hold: Try): Promise<LineOutcome | undefined> {
    const take = () => this.#takeInTime(productId, { ...hold, q: quantity });
    const taken = await this.#turns.take(productId, () => this.#allTurns.take('stock', take));
    if (!taken) return undefined;
    announceStep('reserve.lineTaken');
    return { outcome: 'held', line: { productId, quantity, name: taken.name, price: taken.price } };
  }

  async #takeInTime(productId: string, hold: Hold): Promise<Taken | null> {
    if (remainingMs() < TAKE_FLOOR_MS) throw new AppError('DEADLINE_EXCEEDED');
    return this.#takes.watch(() => this.stock.take(productId, hold));
  }

  // Every line has answered or failed by now. A line without an answer is left to the sweeper (DESIGN §5.2).
  async #refuse(refusal: Refusal, attempt: string, taken: PricedLine[]): Promise<Reservation> {
    announceStep('reserve.refused');
    const productIds = taken.map(({ productId }) => productId);
    if (productIds.length > 0) {
      await this.#giveBack(attempt, productIds);
      announceStep('reserve.givenBack');
    }
    return answerRefusal(refusal);
  }

  async #giveBack(attempt: string, productIds: string[]): Promise<void> {
    await this.stock.giveBack([attempt], productIds);
    this.announcer.changed(productIds);
  }
}

const unanswered = (error: unknown): LineOutcome => ({ outcome: 'unanswered', error: storeError(error) });
