import type { Shop } from './shop.ts';

export interface Hold {
  readonly attempt: number;
  readonly quantity: number;
  /** The key of the order it is for. */
  readonly key: number;
}

export interface Product {
  readonly stock: number;
  /** By attempt, ascending. */
  readonly holds: readonly Hold[];
  /** Restocks so far. */
  readonly restocked: number;
  /** Orders whose restock is marked here and not yet in the ledger for sure. */
  readonly marks: readonly number[];
  /** Orders with a ledger entry for this product. */
  readonly ledger: readonly number[];
}

export interface Order {
  readonly kind: 'order';
  readonly id: number;
  readonly attempt: number;
  readonly byTry: number;
  readonly status: 'confirmed' | 'cancelling' | 'cancelled';
}

export interface Tombstone {
  readonly kind: 'tombstone';
  readonly id: number;
  readonly attempt: number;
}

export type Stored = Order | Tombstone;

export type Phase =
  | 'new'
  | 'waiting'
  | 'short'
  | 'inserting'
  | 'inserted'
  | 'duplicate'
  | 'notById'
  | 'givingBack'
  | 'done';

/** What a try was answered; `crashed` is no answer. */
export type Reply =
  | 'none'
  | '201'
  | '201 replayed'
  | '422'
  | '409 short'
  | '409 in progress'
  | '503'
  | '504 unknown'
  | 'crashed';

/** The placer of one try (order service) and its client. */
export interface Try {
  readonly phase: Phase;
  readonly attempt: number;
  /** The insert was sent a second time. */
  readonly resent: boolean;
  /** Short only because a hold of the same order stands there. */
  readonly busy: boolean;
  /** Products still to give back. */
  readonly left: readonly number[];
  /** In `givingBack`: what will be answered; `none`: reserve anew. */
  readonly reply: Reply;
  /** The attempt of the order a 201 speaks of, else -1. */
  readonly order: number;
}

/** Where the update of one product stands; a number is the stock that the wrong handler has read. */
export type Update = 'sent' | 'held' | 'short' | 'returned' | 'busy' | 'there' | 'unmatched' | number;

/** One delivery of a reserve message (product service). A crashed one is kept while an update of it may still arrive. */
export interface Handler {
  readonly attempt: number;
  readonly byTry: number;
  readonly phase: 'delivered' | 'working' | 'crashed';
  readonly updates: readonly Update[];
}

/** An insert on its way to the store. */
export interface InsertMessage {
  readonly byTry: number;
  readonly attempt: number;
  readonly again: boolean;
}

/** A restock update on its way to the store. It stays for ever: it may arrive late, never and more than once. */
export interface RestockMessage {
  readonly orderId: number;
  readonly product: number;
  readonly quantity: number;
  /** The count of restocks that its sender has read. */
  readonly restocked: number;
}

export type Sweeper =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'asking' | 'burying' | 'voiding' | 'settling';
      readonly product: number;
      readonly attempt: number;
    };

export type Driver =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'readProduct' | 'readLedger' | 'waiting' | 'enter' | 'pull' | 'finish';
      readonly orderId: number;
      readonly byTry: number;
      /** Which line of the order it is at. */
      readonly line: number;
      /** The count of restocks it has read, while it needs it. */
      readonly restocked: number;
    };

/** What an observer has noted; sets as bit masks. */
export interface Notes {
  /** Tries whose deadline has passed. */
  readonly expired: number;
  /** Tries that began after their order stood. */
  readonly late: number;
  /** Attempts whose placer knows that its order stands: their holds may be settled. */
  readonly acknowledged: number;
}

export interface State {
  readonly products: readonly Product[];
  readonly stored: readonly Stored[];
  readonly tries: readonly Try[];
  readonly handlers: readonly Handler[];
  readonly inserts: readonly InsertMessage[];
  readonly restocks: readonly RestockMessage[];
  readonly sweepers: readonly Sweeper[];
  readonly drivers: readonly Driver[];
  readonly notes: Notes;
}

/** Everything in stock, nothing begun. */
export function initialState({ setup }: Shop): State {
  const begin: Try = { phase: 'new', attempt: -1, resent: false, busy: false, left: [], reply: 'none', order: -1 };
  return {
    products: setup.stock.map((stock) => ({ stock, holds: [], restocked: 0, marks: [], ledger: [] })),
    stored: [],
    tries: setup.tries.map(() => begin),
    handlers: [],
    inserts: [],
    restocks: [],
    sweepers: Array.from({ length: setup.sweepers }, () => ({ phase: 'idle' as const })),
    drivers: Array.from({ length: setup.cancels.length > 0 ? setup.drivers : 0 }, () => ({ phase: 'idle' as const })),
    notes: { expired: 0, late: 0, acknowledged: 0 },
  };
}

/** The element at an index that is known to be there. */
export function at<T>(list: readonly T[], index: number): T {
  const element = list[index];
  if (element === undefined) throw new Error(`nothing at ${index}`);
  return element;
}

export const hasBit = (mask: number, bit: number): boolean => ((mask >> bit) & 1) === 1;
