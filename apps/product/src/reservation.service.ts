import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { HandlerInput, OrderLine, productContracts, Reservation } from '@souk/contracts';
import { storeError } from '@souk/mongo';
import { ENV, type ProductEnv } from './env.ts';
import type { Hold } from './product.schema.ts';
import { answerRefusal, explain, type LineOutcome, mergeLines, worstOf } from './reservation.policy.ts';
import { StockAnnouncer } from './stock-announcer.ts';
import { StockRepository } from './stock.repository.ts';

type ReserveInput = HandlerInput<typeof productContracts.reserve>;
type ReleaseInput = HandlerInput<typeof productContracts.release>;
type SettleInput = HandlerInput<typeof productContracts.settle>;
type Try = Omit<Hold, 'q'>;

/** Takes stock for orders, and lets go of it: steps 2 and 4 of DESIGN §5. */
@Injectable()
export class ReservationService {
  constructor(
    private readonly stock: StockRepository,
    private readonly announcer: StockAnnouncer,
    @Inject(ENV) private readonly env: Pick<ProductEnv, 'CURRENCY'>,
  ) {}

  /** Takes every line or none. The attempt is drawn here: a message that is delivered twice must be two tries. */
  async reserve({ orderId, userId, items }: ReserveInput): Promise<Reservation> {
    const lines = mergeLines(items);
    const attempt = randomUUID();
    const hold: Try = { attempt, orderId, userId, at: new Date() };
    const answers = await Promise.allSettled(lines.map((line) => this.#take(line, hold)));
    const outcomes = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const held = outcomes.flatMap((outcome) => (outcome.outcome === 'held' ? [outcome.line] : []));
    if (held.length < lines.length) return this.#refuse(attempt, answers, outcomes);
    this.announcer.changed(held.map(({ productId }) => productId));
    return { outcome: 'held', attempt, currency: this.env.CURRENCY, lines: held };
  }

  /** Gives back what an attempt took. */
  async release({ attempt, productIds }: ReleaseInput) {
    await this.stock.giveBack(attempt, productIds);
    this.announcer.changed(productIds);
    return {};
  }

  /** Stock that is sold has left already: nothing to announce. */
  async settle({ holds }: SettleInput) {
    const attempts = holds.map(({ attempt }) => attempt);
    await this.stock.settle(attempts, [...new Set(holds.flatMap(({ productIds }) => productIds))]);
    return {};
  }
}
