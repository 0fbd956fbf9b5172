import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Call } from '../history/call.ts';
import { check, invariants } from './check.ts';
import type { Evidence, OrderRow } from './evidence.ts';
import { orderIdOf } from './order-id.ts';

const USER = 'ada';
const KEY = 'key-1';
const ID = orderIdOf(USER, KEY);
const T0 = Date.UTC(2026, 10, 25, 12);

const order = (fields: Partial<OrderRow> = {}): OrderRow => ({
  _id: ID,
  userId: USER,
  status: 'confirmed',
  currency: 'USD',
  items: [{ productId: 'tea', name: 'Tea', price: 250, quantity: 2 }],
  total: 500,
  createdAt: new Date(T0 + 5),
  history: [{ status: 'confirmed', at: new Date(T0 + 5) }],
  ...fields,
});

const bodyOf = ({ _id: id, currency, total, items, createdAt }: OrderRow): string =>
  JSON.stringify({
    id,
    status: 'confirmed',
    currency,
    total: total / 100,
    items: items.map((line) => ({ ...line, price: line.price / 100 })),
    createdAt: createdAt.toISOString(),
  });

const call = (fields: Partial<Call> = {}): Call => ({
  client: 'c',
  kind: 'place',
  userId: USER,
  key: KEY,
  lines: [{ productId: 'tea', quantity: 2 }],
  start: T0,
  end: T0 + 10,
  outcome: 'ok',
  status: 201,
  body: bodyOf(order()),
  replayed: false,
  ...fields,
});
const refused = (status: number, code: string): Partial<Call> => ({
  outcome: 'refused',
  status,
  code,
  body: undefined,
});
const later = { start: T0 + 20, end: T0 + 30 };
const cancel = call({ kind: 'cancel', orderId: ID, key: undefined, status: 200, ...later });

/** One order of two of ten, told and asked again. */
const legal = (fields: Partial<Evidence> = {}): Evidence => ({
  calls: [call(), call({ replayed: true, ...later })],
  redeliveries: [],
  wares: [{ id: 'tea', stock: 10 }],
  samples: { taken: 3, negative: [] },
  products: [{ _id: 'tea', stock: 8, holds: [] }],
  ledger: [],
  orders: [order()],
  emails: ['ada@souk.test'],
  unresolved: [],
  orderIdOf,
  ...fields,
});

const moment = (status: OrderRow['status']) => ({ status, at: new Date(T0 + 25) });
const cancelled = order({
  status: 'cancelled',
  history: [...order().history, moment('cancelling'), moment('cancelled')],
});
const entryOf = (orderId: string, quantity: number) => ({
  _id: `${orderId}:tea:restock`,
  orderId,
  productId: 'tea',
  quantity,
});
const entry = entryOf(ID, 2);
const hold = { attempt: 'a', orderId: ID, q: 2 };
const shelf = (stock: number, holds: (typeof hold)[] = []) => [{ _id: 'tea', stock, holds }];

const violated = (evidence: Evidence): string[] =>
  check(evidence)
    .filter(({ violations }) => violations.length > 0)
    .map(({ invariant }) => invariant);

describe('a legal history', () => {
  it.each<[string, Evidence]>([
    ['of one order and its replay', legal()],
    [
      'of a cancelled order',
      legal({ calls: [call(), cancel], orders: [cancelled], products: shelf(10), ledger: [entry] }),
    ],
    [
      'with an order whose answer was lost',
      legal({ calls: [call({ outcome: 'unknown', status: 504, body: undefined })] }),
    ],
    [
      'with a lost answer and no order',
      legal({ calls: [call({ outcome: 'unknown', status: 0 })], orders: [], products: shelf(10) }),
    ],
    [
      'with an addition that may have happened',
      legal({
        calls: [call(), call({ kind: 'restock', productId: 'tea', stockDelta: 5, outcome: 'unknown' })],
        products: shelf(13),
      }),
    ],
    [
      'with a 409 beside a running try',
      legal({
        calls: [call(), call({ ...later, ...refused(409, 'ORDER_IN_PROGRESS') }), call({ ...later, replayed: true })],
      }),
    ],
    [
      'with an order of a message that was delivered again',
      legal({
        calls: [call(refused(503, 'SERVICE_UNAVAILABLE'))],
        redeliveries: [{ subject: 'order.place', at: T0, orderId: ID }],
      }),
    ],
  ])('%s passes', (_, evidence) => {
    expect(violated(evidence)).toEqual([]);
  });

  it('of any number of orders, moves and cancellations passes', () => {
    const one = fc.record({
      quantity: fc.integer({ min: 1, max: 5 }),
      isCancelled: fc.boolean(),
      isLost: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 20 }), (many) => {
        const rows = many.map(({ quantity, isCancelled }, index) => {
          const items = [{ productId: 'tea', name: 'Tea', price: 250, quantity }];
          const base = { _id: orderIdOf(USER, `k${index}`), items, total: 250 * quantity };
          return order(isCancelled ? { ...cancelled, ...base } : base);
        });
        const sold = rows.filter(({ status }) => status === 'confirmed').map(({ items }) => items[0]?.quantity ?? 0);
        const places = rows.map((row, index) => {
          const lines = row.items.map(({ productId, quantity }) => ({ productId, quantity }));
          const lost = many[index]?.isLost ? ({ outcome: 'unknown', status: 504, body: undefined } as const) : {};
          return call({ key: `k${index}`, lines, body: bodyOf(row), ...lost });
        });
        const cancels = rows
          .filter(({ status }) => status === 'cancelled')
          .map(({ _id }) => call({ kind: 'cancel', orderId: _id, key: undefined, status: 200, ...later }));
        const ledger = rows
          .filter(({ status }) => status === 'cancelled')
          .map(({ _id, items }) => entryOf(_id, items[0]?.quantity ?? 0));
        const stock = 1_000 - sold.reduce((sum, units) => sum + units, 0);
        const evidence = legal({
          calls: [...places, ...cancels],
          orders: rows,
          ledger,
          wares: [{ id: 'tea', stock: 1_000 }],
          products: shelf(stock),
        });
        expect(violated(evidence)).toEqual([]);
      }),
    );
  });
});

/** For each invariant, histories that violate it. A new invariant without one does not compile. */
const wrong: Record<keyof typeof invariants, Evidence[]> = {
  'stock is conserved': [
    legal({ products: shelf(9) }),
    legal({ products: shelf(7) }),
    legal({ products: [] }),
    legal({ calls: [call(), call({ kind: 'restock', productId: 'tea', stockDelta: 5 })] }),
  ],
  'stock is never negative': [
    legal({ samples: { taken: 1, negative: [{ productId: 'tea', stock: -1, at: T0 }] } }),
    legal({ products: shelf(-1) }),
  ],
  'no hold is left': [legal({ products: shelf(6, [hold]), wares: [{ id: 'tea', stock: 10 }] })],
  'stock of a cancelled order is back, once': [
    legal({ calls: [call(), cancel], orders: [cancelled] }),
    legal({ ledger: [entry] }),
    legal({ calls: [call(), cancel], orders: [cancelled], ledger: [entry, { ...entry, quantity: 3 }] }),
    legal({ ledger: [{ ...entry, orderId: 'nobody' }] }),
  ],
  'an acknowledged order stands as it was shown': [
    legal({ orders: [] }),
    legal({ orders: [order({ total: 501 })] }),
    legal({ orders: [order({ userId: 'bob' })] }),
  ],
  'an order is readable by its owner': [
    legal({ calls: [call(), call({ kind: 'get', orderId: ID, ...later, ...refused(404, 'ORDER_NOT_FOUND') })] }),
  ],
  'an order has the lines that were asked for': [
    legal({ calls: [call({ lines: [{ productId: 'tea', quantity: 3 }] })] }),
  ],
  'no order without an invocation': [legal({ orders: [order(), order({ _id: 'f'.repeat(32) })] })],
  'total = Σ price × quantity': [legal({ orders: [order({ total: 499 })] })],
  'at most one order per key': [
    legal({ calls: [call(), call({ body: bodyOf(order({ _id: 'f'.repeat(32) })), replayed: true, ...later })] }),
  ],
  'replies of a key are identical': [
    legal({ calls: [call(), call({ body: bodyOf(order({ total: 501 })), replayed: true, ...later })] }),
  ],
  'a standing order is replayed': [
    legal({ calls: [call(), call({ ...later, ...refused(409, 'OUT_OF_STOCK') })] }),
    legal({ calls: [call(), call(later)] }),
  ],
  'a key is refused another body, and only that': [
    legal({ calls: [call(), call({ ...later, ...refused(422, 'IDEMPOTENCY_MISMATCH') })] }),
    legal({ calls: [call(refused(422, 'IDEMPOTENCY_MISMATCH'))], orders: [] }),
  ],
  'a refused key has no order': [legal({ calls: [call(refused(409, 'OUT_OF_STOCK'))] })],
  'every key becomes known after the heal': [legal({ unresolved: [{ userId: USER, key: KEY }] })],
  'histories are legal': [
    legal({ orders: [order({ status: 'shipped', history: [...order().history, moment('shipped')] })] }),
    legal({ orders: [order({ status: 'paid' })] }),
    legal({ orders: [order({ history: [] })] }),
  ],
  'cancellations are finished': [
    legal({ orders: [order({ status: 'cancelling', history: [...order().history, moment('cancelling')] })] }),
  ],
  'no move without an invocation': [
    legal({ orders: [order({ status: 'paid', history: [...order().history, moment('paid')] })] }),
  ],
  'an acknowledged move stands': [
    legal({ calls: [call(), call({ kind: 'pay', orderId: ID, key: undefined, ...later })] }),
  ],
  'one user per e-mail': [legal({ emails: ['ada@souk.test', 'Ada@souk.test '] })],
};

describe('the checker', () => {
  const cases = Object.entries(wrong).flatMap(([invariant, all]) =>
    all.map((evidence, index) => [invariant, index + 1, evidence] as const),
  );

  it.each(cases)('sees that "%s" is violated (%i)', (invariant, _, evidence) => {
    expect(violated(evidence)).toContain(invariant);
  });
});
