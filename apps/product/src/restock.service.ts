import { Injectable } from '@nestjs/common';
import type { HandlerInput, productContracts } from '@souk/contracts';
import { StockAnnouncer } from './stock-announcer.ts';
import { StockLedgerRepository } from './stock-ledger.repository.ts';

/** Takes back what cancelled orders bought: DESIGN §5.6, the product service's side. */
@Injectable()
export class RestockService {
  constructor(
    private readonly ledger: StockLedgerRepository,
    private readonly announcer: StockAnnouncer,
  ) {}

  /** Throws when one product could not be restocked now; the others stay restocked, and asking again finishes it. */
  async restock({ orderId, items }: HandlerInput<typeof productContracts.restock>) {
    const outcomes = await Promise.allSettled(items.map((line) => this.ledger.restock(orderId, line)));
    this.announcer.changed(items.map(({ productId }) => productId));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    return {};
  }
}
