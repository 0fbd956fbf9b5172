import type { SetupName } from './setups.ts';

/** Wrong implementations of the protocol, and the configuration in which each must break an invariant. */
export const WRONG = {
  'read-then-write stock': 'two keys, last unit',
  'no unique attempt': 'one try',
  'no tombstone': 'one try',
  'attempt shared by the tries of a key': 'same key twice, 2 units',
  'acknowledged before the insert': 'one try',
  'give-back by order id': 'same key twice, 2 units',
  'settled before the insert': 'one try',
  'random order id': 'same key twice, 2 units',
  'give-back without looking for the hold': 'one try',
  'give-back after an unanswered insert': 'one try',
  'tombstone under the order id': 'one try',
  'sweeper takes a cancelled order for void': 'one try, cancel, 2 sweepers, 2 drivers',
  'duplicate tombstone taken for an order': 'one try',
  'duplicate tombstone taken for void': 'one try',
  'tombstone found, hold settled': 'one try',
  'tombstone expires after the deadline': 'one try, deadlines, aged sweep',
  'duplicate not compared with the own attempt': 'one try, insert sent again',
  'attempt drawn by the caller': 'one try, reserve delivered twice',
  '409 without looking the order up': 'same key twice, last unit',
  'short although only the own order holds': 'same key twice, last unit',
  'voided attempt not given back before the next': 'one try',
  'restock: ledger not read': 'one try, cancel, 2 sweepers, 2 drivers',
  'restock: product read after the ledger': 'one try, cancel, 2 sweepers, 2 drivers',
  'restock: update does not name the count of restocks': 'one try, cancel, 2 sweepers, 2 drivers',
  'restock: mark pulled before the ledger entry': 'one try, cancel, 2 sweepers, 2 drivers',
  'cancelled before the stock is back': 'one try, cancel, 2 sweepers, 2 drivers',
} as const satisfies Record<string, SetupName>;

export type WrongStep = keyof typeof WRONG;
