import type { Reservation } from '@souk/contracts';
import * as fc from 'fast-check';
import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Hold } from './product.schema.ts';
import { ReservationService } from './reservation.service.ts';
import { StockRepository, type Taken } from './stock.repository.ts';
import { codeOf, newId, newOrderId, type Rig, startProduct, widget } from './testing/product-rig.ts';

let shop: Rig;
beforeAll(async () => {
  shop = await startProduct();
});
afterAll(() => shop[Symbol.asyncDispose]());

const product = async (stock: number, name = 'Widget') => (await shop.products.create(widget({ stock, name }))).id;
const state = async (id: string) => {
  const { stock, holds } = await shop.stored(id);
  return { stock, held: holds.reduce((total, { q }) => total + q, 0), holds: holds.length };
};
const outcomesOf = (reservations: Reservation[]) => reservations.map(({ outcome }) => outcome);

describe('a reservation', () => {
  it('takes the stock, leaves a hold and answers with the prices of that moment', async () => {
    const [a, b] = [await product(10, 'A'), await product(5, 'B')];
    const orderId = newOrderId();
    const held = await shop.hold(
      [
        { productId: a, quantity: 2 },
        { productId: b, quantity: 5 },
      ],
      orderId,
    );
    expect(held).toMatchObject({
      currency: 'USD',
      lines: [
        { productId: a, name: 'A', price: 2_999, quantity: 2 },
        { productId: b, name: 'B', price: 2_999, quantity: 5 },
      ],
    });
    expect(await state(a)).toEqual({ stock: 8, held: 2, holds: 1 });
    expect((await shop.stored(b)).holds).toMatchObject([
      { attempt: held.attempt, orderId, q: 5, at: expect.any(Date) },
    ]);
  });

  it('draws an attempt of its own for each delivery', async () => {
    const id = await product(10);
    const [first, second] = [
      await shop.hold([{ productId: id, quantity: 1 }]),
      await shop.hold([{ productId: id, quantity: 1 }]),
    ];
    expect(first.attempt).not.toBe(second.attempt);
  });

  it('counts the lines of one product together', async () => {
    const id = await product(5);
    const line = { productId: id, quantity: 3 };
    expect(await shop.reserve([line, line])).toEqual({ outcome: 'short', productId: id, name: 'Widget', available: 5 });
    expect((await shop.hold([line, { ...line, quantity: 2 }])).lines).toMatchObject([{ productId: id, quantity: 5 }]);
    expect(await state(id)).toEqual({ stock: 0, held: 5, holds: 1 });
  });

  it('takes nothing when one of its lines is short', async () => {
    const [plenty, also, scarce] = [await product(50), await product(50), await product(1, 'Rare')];
    const items = [plenty, also, scarce].map((productId) => ({ productId, quantity: 2 }));
    expect(await shop.reserve(items)).toEqual({ outcome: 'short', productId: scarce, name: 'Rare', available: 1 });
    for (const id of [plenty, also]) expect(await state(id)).toEqual({ stock: 50, held: 0, holds: 0 });
    expect(await state(scarce)).toEqual({ stock: 1, held: 0, holds: 0 });
  });

  it('takes nothing when a product is unknown or archived, and says which', async () => {
    const [known, archived, unknown] = [await product(9), await product(9), newId()];
    await shop.products.remove(archived);
    for (const missing of [archived, unknown]) {
      const tried = shop.reserve([
        { productId: known, quantity: 1 },
        { productId: missing, quantity: 1 },
      ]);
      await expect(tried).rejects.toMatchObject({ code: 'PRODUCT_NOT_FOUND', details: { productId: missing } });
    }
    expect(await state(known)).toEqual({ stock: 9, held: 0, holds: 0 });
  });

  it('that is short by another try at the same order is in progress, not short', async () => {
    const id = await product(1);
    const orderId = newOrderId();
    await shop.hold([{ productId: id, quantity: 1 }], orderId);
    expect(await shop.reserve([{ productId: id, quantity: 1 }], orderId)).toEqual({ outcome: 'inProgress' });
    expect(await shop.reserve([{ productId: id, quantity: 1 }])).toMatchObject({ outcome: 'short', available: 0 });
  });

  it('refuses more of one product than a line may ask for, and takes nothing', async () => {
    const id = await product(5_000);
    const line = { productId: id, quantity: 600 };
    expect(await codeOf(shop.reserve([line, line]))).toBe('VALIDATION_FAILED');
    expect(await state(id)).toEqual({ stock: 5_000, held: 0, holds: 0 });
  });
});

describe('a rush', () => {
  it('of 200 on 30 units ends with exactly 30 held', async () => {
    const id = await product(30);
    const rush = await Promise.all(Array.from({ length: 200 }, () => shop.reserve([{ productId: id, quantity: 1 }])));
    expect(outcomesOf(rush).filter((outcome) => outcome === 'held')).toHaveLength(30);
    expect(outcomesOf(rush).filter((outcome) => outcome === 'short')).toHaveLength(170);
    expect(await state(id)).toEqual({ stock: 0, held: 30, holds: 30 });
  });

  it('of many-line orders on overlapping products sells nothing twice', async () => {
    const ids = [await product(20), await product(20), await product(20)];
    const rush = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        shop.reserve(ids.filter((_, i) => i !== n % 3).map((productId) => ({ productId, quantity: 2 }))),
      ),
    );
    const held = rush.filter(({ outcome }) => outcome === 'held').length;
    const states = await Promise.all(ids.map(state));
    expect(states.map(({ stock, held }) => stock + held)).toEqual([20, 20, 20]);
    expect(states.reduce((total, { held }) => total + held, 0)).toBe(held * 4);
  });

  it('of one message delivered many times holds for one delivery each, or says that another is in progress', async () => {
    const id = await product(3);
    const orderId = newOrderId();
    const rush = await Promise.all(
      Array.from({ length: 20 }, () => shop.reserve([{ productId: id, quantity: 1 }], orderId)),
    );
    expect(outcomesOf(rush).filter((outcome) => outcome === 'held')).toHaveLength(3);
    expect(outcomesOf(rush).filter((outcome) => outcome === 'inProgress')).toHaveLength(17);
  });
});

describe('letting go', () => {
  it('by release gives back once, however often it is told', async () => {
    const id = await product(10);
    const other = await shop.hold([{ productId: id, quantity: 4 }]);
    const { attempt } = await shop.hold([{ productId: id, quantity: 3 }]);
    await Promise.all([1, 2, 3].map(() => shop.reservations.release({ attempt, productIds: [id] })));
    await shop.reservations.release({ attempt, productIds: [id, newId()] });
    expect(await state(id)).toEqual({ stock: 6, held: 4, holds: 1 });
    expect((await shop.stored(id)).holds).toMatchObject([{ attempt: other.attempt }]);
  });

  it('by settle keeps the stock sold, in batches, however often it is told', async () => {
    const [a, b] = [await product(10), await product(10)];
    const both = await shop.hold([a, b].map((productId) => ({ productId, quantity: 1 })));
    const one = await shop.hold([{ productId: a, quantity: 2 }]);
    const left = await shop.hold([{ productId: b, quantity: 3 }]);
    const holds = [
      { attempt: both.attempt, productIds: [a, b] },
      { attempt: one.attempt, productIds: [a] },
    ];
    for (const _ of [1, 2]) await shop.reservations.settle({ holds });
    expect(await state(a)).toEqual({ stock: 7, held: 0, holds: 0 });
    expect(await state(b)).toEqual({ stock: 6, held: 3, holds: 1 });
    await shop.reservations.release({ attempt: left.attempt, productIds: [b] });
    expect(await state(b)).toEqual({ stock: 9, held: 0, holds: 0 });
  });

  it('after a settle gives nothing back', async () => {
    const id = await product(10);
    const { attempt } = await shop.hold([{ productId: id, quantity: 3 }]);
    await shop.reservations.settle({ holds: [{ attempt, productIds: [id] }] });
    await shop.reservations.release({ attempt, productIds: [id] });
    expect(await state(id)).toEqual({ stock: 7, held: 0, holds: 0 });
  });

  it('works on a product that was archived meanwhile', async () => {
    const id = await product(10);
    const [released, settled] = [
      await shop.hold([{ productId: id, quantity: 3 }]),
      await shop.hold([{ productId: id, quantity: 2 }]),
    ];
    await shop.products.remove(id);
    await shop.reservations.release({ attempt: released.attempt, productIds: [id] });
    await shop.reservations.settle({ holds: [{ attempt: settled.attempt, productIds: [id] }] });
    expect(await state(id)).toEqual({ stock: 8, held: 0, holds: 0 });
  });

  it('in any order, with changes of stock in between, loses and makes no unit', async () => {
    const quantity = fc.integer({ min: 1, max: 4 });
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ do: fc.constant('reserve'), taken: fc.tuple(quantity, quantity) }),
      fc.record({ do: fc.constantFrom('release', 'settle'), which: fc.nat(20) }),
      fc.record({ do: fc.constant('delta'), by: fc.integer({ min: -3, max: 3 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const books = new Books([await product(10), await product(10)]);
        for (const next of steps) await books.play(next);
        expect(books.surprises).toEqual([]);
        expect(await Promise.all(books.ids.map(state))).toMatchObject(books.rows);
      }),
      { numRuns: 20 },
    );
  });
});

type Row = { stock: number; held: number };
type Step =
  | { do: 'reserve'; taken: [number, number] }
  | { do: 'release' | 'settle'; which: number }
  | { do: 'delta'; by: number };

/** What two products must have in stock and on hold, kept in memory beside the real ones. */
class Books {
  readonly rows: [Row, Row] = [
    { stock: 10, held: 0 },
    { stock: 10, held: 0 },
  ];
  readonly surprises: unknown[] = [];
  readonly #attempts: { attempt: string; taken: [number, number]; open: boolean }[] = [];

  constructor(readonly ids: readonly [string, string]) {}

  async play(step: Step): Promise<void> {
    if (step.do === 'reserve') await this.#reserve(step.taken);
    else if (step.do === 'delta') await this.#delta(step.by);
    else await this.#letGo(step.do, step.which);
  }

  async #reserve(taken: [number, number]) {
    const reservation = await shop.reserve(this.ids.map((productId, i) => ({ productId, quantity: taken[i] ?? 0 })));
    const fits = this.rows.every(({ stock }, i) => stock >= (taken[i] ?? 0));
    this.#compare(reservation.outcome, fits ? 'held' : 'short');
    if (reservation.outcome !== 'held') return;
    this.#move(taken, -1, 1);
    this.#attempts.push({ attempt: reservation.attempt, taken, open: true });
  }

  async #delta(by: number) {
    const fits = this.rows[0].stock + by >= 0;
    const update = shop.products.update({ id: this.ids[0], changes: { stock: { delta: by } } });
    this.#compare((await codeOf(update)) === 'OUT_OF_STOCK', !fits);
    if (fits) this.rows[0].stock += by;
  }

  async #letGo(how: 'release' | 'settle', which: number) {
    const chosen = this.#attempts[which % Math.max(1, this.#attempts.length)];
    if (!chosen) return;
    const holds = { attempt: chosen.attempt, productIds: [...this.ids] };
    await (how === 'release' ? shop.reservations.release(holds) : shop.reservations.settle({ holds: [holds] }));
    if (chosen.open) this.#move(chosen.taken, how === 'release' ? 1 : 0, -1);
    chosen.open = false;
  }

  #move(taken: [number, number], stock: -1 | 0 | 1, held: -1 | 1) {
    for (const [i, row] of this.rows.entries()) {
      row.stock += (taken[i] ?? 0) * stock;
      row.held += (taken[i] ?? 0) * held;
    }
  }

  #compare(seen: unknown, expected: unknown) {
    if (seen !== expected) this.surprises.push({ seen, expected });
  }
}

describe('a store that does not answer', () => {
  /** The real store, behind a wire that cuts off the answer, or the update, for one product. */
  class CutOff extends StockRepository {
    lost: { productId: string; before: boolean } | undefined;

    override async take(productId: string, hold: Hold): Promise<Taken | null> {
      if (this.lost?.productId !== productId) return super.take(productId, hold);
      if (!this.lost.before) await super.take(productId, hold);
      throw new mongo.MongoNetworkError('connection closed');
    }
  }

  it.each([true, false])(
    'makes the reservation fail, gives back the rest and leaves the line alone (before: %s)',
    async (before) => {
      const [answered, lost] = [await product(10), await product(10)];
      const store = new CutOff(shop.model);
      store.lost = { productId: lost, before };
      const service = new ReservationService(store, shop.announcer, { CURRENCY: 'USD' });
      const items = [answered, lost].map((productId) => ({ productId, quantity: 2 }));
      const tried = service.reserve({ orderId: newOrderId(), userId: newId(), items });
      expect(await codeOf(tried)).toBe('SERVICE_UNAVAILABLE');
      expect(await state(answered)).toEqual({ stock: 10, held: 0, holds: 0 });
      expect(await state(lost)).toEqual(before ? { stock: 10, held: 0, holds: 0 } : { stock: 8, held: 2, holds: 1 });
    },
  );

  it('tries once more when stock has come back between the update and the look, then says in progress', async () => {
    class Flickering extends StockRepository {
      misses = 1;

      override async take(productId: string, hold: Hold): Promise<Taken | null> {
        return this.misses-- > 0 ? null : super.take(productId, hold);
      }
    }
    const id = await product(10);
    const store = new Flickering(shop.model);
    const service = new ReservationService(store, shop.announcer, { CURRENCY: 'USD' });
    const order = () => ({ orderId: newOrderId(), userId: newId(), items: [{ productId: id, quantity: 1 }] });
    expect(await service.reserve(order())).toMatchObject({ outcome: 'held' });
    store.misses = 2;
    expect(await service.reserve(order())).toEqual({ outcome: 'inProgress' });
    expect(await state(id)).toEqual({ stock: 9, held: 1, holds: 1 });
  });
});
