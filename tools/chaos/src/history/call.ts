import type { OrderLine } from '@souk/contracts';

/** What a client asks for. */
export type CallKind =
  | 'place'
  | 'cancel'
  | 'pay'
  | 'ship'
  | 'deliver'
  | 'restock'
  | 'get'
  | 'list'
  | 'catalogue'
  | 'account';

/** `unknown`: it may have happened, now or later. `refused`: it has not and will not. */
export type Outcome = 'ok' | 'refused' | 'unknown';

/** What a call is about; the checker reads nothing else of the request. */
export type Subject = {
  kind: CallKind;
  userId?: string | undefined;
  /** The Idempotency-Key, where one was sent. */
  key?: string | undefined;
  lines?: OrderLine[] | undefined;
  orderId?: string | undefined;
  productId?: string | undefined;
  stockDelta?: number | undefined;
};

/** One call of a client, from its invocation to its end; times are milliseconds since the epoch. */
export type Call = Subject & {
  client: string;
  start: number;
  end: number;
  outcome: Outcome;
  /** 0 where no answer came. */
  status: number;
  /** The problem's code, or why no answer came. */
  code?: string | undefined;
  /** The answer, byte for byte, where the checker needs it. */
  body?: string | undefined;
  replayed?: boolean | undefined;
};

/** A message of the bus that was delivered a second time by us. */
export type Redelivery = { subject: string; at: number; orderId: string | undefined };
