import { Injectable } from '@nestjs/common';
import type { HandlerInput, orderContracts, Reply } from '@souk/contracts';
import { isDuplicateKey } from '@souk/mongo';
import { announceStep } from '@souk/platform';
import { OrderRepository } from './order.repository.ts';
import { type AttemptDocument, isTombstone, type Tombstone, tombstoneOf } from './order.schema.ts';

type Attempts = HandlerInput<typeof orderContracts.resolve>['attempts'];
type Undecided = Attempts[number];

/** Decides for ever whether an attempt became an order: DESIGN §5.5, the order service's side. */
@Injectable()
export class AttemptResolver {
  constructor(private readonly orders: OrderRepository) {}

  /** Leaves out what cannot be decided now. Throws when that is all of them. */
  async resolve({
    attempts,
  }: HandlerInput<typeof orderContracts.resolve>): Promise<Reply<typeof orderContracts.resolve>> {
    const outcomes = await Promise.allSettled(attempts.map((attempt) => this.#decide(attempt)));
    const decided = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed && decided.length === 0) throw failed.reason;
    const [sold, voided] = [decided.filter((each) => !isTombstone(each)), decided.filter(isTombstone)];
    return { sold: sold.map(({ attempt }) => attempt), voided: voided.map(({ attempt }) => attempt) };
  }

  async #decide({ attempt, userId }: Undecided): Promise<AttemptDocument> {
    const standing = await this.orders.findByAttempt(attempt, userId);
    if (standing) return standing;
    announceStep('resolve.nothingFound');
    return this.#void(tombstoneOf(attempt, userId));
  }

  // A duplicate says only that something stands there now, perhaps the order: it is read, never guessed.
  async #void(tombstone: Tombstone): Promise<AttemptDocument> {
    try {
      await this.orders.insertTombstone(tombstone);
      announceStep('resolve.voided');
      return tombstone;
    } catch (error) {
      const standing = isDuplicateKey(error) && (await this.orders.findByAttempt(tombstone.attempt, tombstone.userId));
      if (standing) return standing;
      throw error;
    }
  }
}
