import { randomUUID } from 'node:crypto';
import { AppError, type ErrorBody, type OrderLine } from '@souk/contracts';
import * as fc from 'fast-check';
import { mongo } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';
import { canonicalLines } from './order-lines.ts';
import type { OrderDocument } from './order.schema.ts';
import { type Fault, held, newId, newOrderId, type Rig, startOrders, within } from './testing/order-rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startOrders();
});
afterEach(() => {
  rig.products.reset();
});
afterAll(() => rig[Symbol.asyncDispose]());

const CALL_MS = 2_400;
const lost = () => new mongo.MongoNetworkError('the connection was cut');
const lostBefore: Fault = async () => {
  throw lost();
};
const lostAfter: Fault = async (insert) => {
  await insert();
  throw lost();
};

const wanted = (items: OrderLine[] = [{ productId: newId(), quantity: 2 }]) => ({
  orderId: newOrderId(),
  userId: newId(),
  items,
});
type Wanted = ReturnType<typeof wanted>;

const place = (request: Wanted, ms = CALL_MS) => within(ms, () => rig.placer.place(request));
const stored = (request: Wanted) => rig.stored.findOne({ _id: request.orderId });
const holdsOf = (attempt: string, { items }: Wanted) => ({ attempt, productIds: items.map((line) => line.productId) });
/** The settler is shared by all tests here and works off the request path: each looks at its own products only. */
const settlesOf = ({ items }: Wanted) =>
  rig.products.settled.filter(({ productIds }) => productIds[0] === items[0]?.productId);
const expectSettled = (attempt: string, request: Wanted) =>
  expect.poll(() => settlesOf(request)).toEqual([holdsOf(attempt, request)]);

async function refusalOf(call: Promise<unknown>): Promise<ErrorBody> {
  const outcome = await call.catch((error: unknown) => error);
  if (outcome instanceof AppError) return outcome.toBody();
  throw new Error(`not refused: ${JSON.stringify(outcome)}`, { cause: outcome });
}

/** The order another try at `request` would have placed. */
function orderOfAnotherTry(request: Wanted, items: OrderLine[] = request.items): OrderDocument {
  const at = new Date('2026-11-24T10:00:00.123Z');
  const lines = held(items).lines;
  return {
    _id: request.orderId,
    userId: request.userId,
    attempt: randomUUID(),
    fingerprint: fingerprintOf(canonicalLines(items)),
    status: 'confirmed',
    currency: 'USD',
    items: lines,
    total: 5_998,
    createdAt: at,
    history: [{ status: 'confirmed', at }],
  };
}

describe('placing an order', () => {
  it('stores it with the prices of the reservation, answers it, and settles its attempt', async () => {
    const request = wanted();
    const reservation = held(request.items);
    rig.products.answer(() => reservation);
    const { order, replayed } = await place(request);
    expect(replayed).toBe(false);
    expect(order).toMatchObject({ id: request.orderId, status: 'confirmed', currency: 'USD', total: 5_998 });
    expect(order.items).toEqual(reservation.lines);
    expect(await stored(request)).toMatchObject({
      userId: request.userId,
      attempt: reservation.attempt,
      total: 5_998,
      history: [{ status: 'confirmed', at: new Date(order.createdAt) }],
    });
    await expectSettled(reservation.attempt, request);
    expect(rig.products.released).toEqual([]);
  });

  it('reserves the canonical lines: those of one product merged', async () => {
    const [a, b] = ['a'.repeat(24), 'b'.repeat(24)];
    const items = [b, a, b].map((productId) => ({ productId, quantity: 1 }));
    const request = wanted(items);
    rig.products.answer(({ items }) => held(items));
    await place(request);
    expect(rig.products.requests).toEqual([
      {
        orderId: request.orderId,
        userId: request.userId,
        items: [
          { productId: a, quantity: 1 },
          { productId: b, quantity: 2 },
        ],
      },
    ]);
  });

  it('inserts nothing when the reservation had no answer', async () => {
    const request = wanted();
    rig.products.answer(() => {
      throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 });
    });
    expect(await refusalOf(place(request))).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfter: 1 });
    expect(await stored(request)).toBeNull();
    expect(rig.products.released).toEqual([]);
  });

  it('passes on that a product does not exist', async () => {
    const request = wanted();
    rig.products.answer(() => {
      throw new AppError('PRODUCT_NOT_FOUND');
    });
    expect(await refusalOf(place(request))).toMatchObject({ code: 'PRODUCT_NOT_FOUND' });
    expect(await stored(request)).toBeNull();
  });
});

describe('when nothing could be held', () => {
  const short = { outcome: 'short', productId: newId(), name: 'Widget', available: 1 } as const;

  it('refuses for stock, naming the product and what is left', async () => {
    const request = wanted();
    rig.products.answer(() => short);
    const { code, message, details } = await refusalOf(place(request));
    expect(code).toBe('OUT_OF_STOCK');
    expect(message).toContain('Widget');
    expect(details).toEqual({ productId: short.productId, name: 'Widget', available: 1 });
    expect(await stored(request)).toBeNull();
  });

  it('refuses with a time to come back while another try is running', async () => {
    const request = wanted();
    rig.products.answer(() => ({ outcome: 'inProgress' }));
    expect(await refusalOf(place(request))).toMatchObject({ code: 'ORDER_IN_PROGRESS', retryAfter: 1 });
  });

  it.each([short, { outcome: 'inProgress' } as const])(
    'replays the order when it stands already ($outcome)',
    async (reservation) => {
      const request = wanted();
      const standing = orderOfAnotherTry(request);
      await rig.plant(standing);
      rig.products.answer(() => reservation);
      const { order, replayed } = await place(request);
      expect(replayed).toBe(true);
      expect(order).toMatchObject({ id: request.orderId, createdAt: standing.createdAt.toISOString() });
      expect(rig.products.released).toEqual([]);
    },
  );

  it('refuses other items under the id of an order that stands', async () => {
    const request = wanted();
    await rig.plant(orderOfAnotherTry(request, [{ productId: newId(), quantity: 1 }]));
    rig.products.answer(() => short);
    expect(await refusalOf(place(request))).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
  });
});

describe('when another try has won', () => {
  it('replays its order and gives back this attempt, and only this one', async () => {
    const request = wanted();
    const standing = orderOfAnotherTry(request);
    await rig.plant(standing);
    const reservation = held(request.items);
    rig.products.answer(() => reservation).expectRelease();
    const { order, replayed } = await place(request);
    expect(replayed).toBe(true);
    expect(order.createdAt).toBe(standing.createdAt.toISOString());
    expect(rig.products.released).toEqual([holdsOf(reservation.attempt, request)]);
    expect((await stored(request))?.attempt).toBe(standing.attempt);
  });

  it('answers a replay as it answered the first time, whatever has become of the order', async () => {
    const request = wanted();
    rig.products.always(({ items }) => held(items)).expectRelease();
    const first = await place(request);
    await rig.stored.updateOne({ _id: request.orderId }, { $set: { status: 'cancelled' } });
    const again = await place(request);
    expect(again.replayed).toBe(true);
    expect(JSON.stringify(again.order)).toBe(JSON.stringify(first.order));
  });

  it('refuses other items only after this attempt was given back', async () => {
    const request = wanted();
    await rig.plant(orderOfAnotherTry(request, [{ productId: newId(), quantity: 1 }]));
    const reservation = held(request.items);
    rig.products.answer(() => reservation).expectRelease();
    expect(await refusalOf(place(request))).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
    expect(rig.products.released).toEqual([holdsOf(reservation.attempt, request)]);
  });

  it('replays although the give-back fails: the sweeper will do it', async () => {
    const request = wanted();
    await rig.plant(orderOfAnotherTry(request));
    rig.products
      .answer(({ items }) => held(items))
      .expectRelease(() => {
        throw new AppError('SERVICE_UNAVAILABLE');
      });
    expect((await place(request)).replayed).toBe(true);
  });

  it('lets exactly one of 50 concurrent tries place the order; the others replay it and give back', async () => {
    const request = wanted();
    const attempts: string[] = [];
    rig.products
      .always(({ items }) => {
        const reservation = held(items);
        attempts.push(reservation.attempt);
        return reservation;
      })
      .expectRelease();
    const answers = await Promise.all(Array.from({ length: 50 }, () => place(request, 20_000)));
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(answers.map(({ order }) => JSON.stringify(order))).size).toBe(1);
    expect(await rig.stored.countDocuments({ userId: request.userId })).toBe(1);
    const winner = (await stored(request))?.attempt;
    const released = rig.products.released.map(({ attempt }) => attempt);
    expect(new Set(released)).toEqual(new Set(attempts.filter((attempt) => attempt !== winner)));
    expect(released).toHaveLength(49);
  });
});

describe('when the insert has no answer', () => {
  it('sends the same insert again, and finds its own order where the first had got through', async () => {
    const request = wanted();
    const reservation = held(request.items);
    rig.products.answer(() => reservation);
    rig.repository.faults = [lostAfter];
    const { order, replayed } = await place(request);
    expect(replayed).toBe(false);
    expect(order.createdAt).toBe((await stored(request))?.createdAt?.toISOString());
    expect(rig.products.requests).toHaveLength(1);
    expect(rig.products.released).toEqual([]);
    await expectSettled(reservation.attempt, request);
  });

  it('sends the same insert again where the first was lost', async () => {
    const request = wanted();
    const reservation = held(request.items);
    rig.products.answer(() => reservation);
    rig.repository.faults = [lostBefore, lostBefore];
    expect((await place(request)).replayed).toBe(false);
    expect((await stored(request))?.attempt).toBe(reservation.attempt);
    expect(rig.products.requests).toHaveLength(1);
  });

  it.each([
    ['although it had got through', lostAfter, 'replayed'],
    ['although it was lost', lostBefore, 'placed'],
  ] as const)('answers that the outcome is unknown and gives nothing back, %s', async (_, fault, next) => {
    const request = wanted();
    rig.products.answer(({ items }) => held(items));
    rig.repository.faults = [fault];
    expect(await refusalOf(place(request, 300))).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(rig.products.released).toEqual([]);
    rig.products.answer(({ items }) => held(items)).expectRelease();
    expect((await place(request)).replayed).toBe(next === 'replayed');
    const winner = (await stored(request))?.attempt;
    const placedByRetry = next === 'placed' ? [holdsOf(winner ?? '', request)] : [];
    await expect.poll(() => settlesOf(request)).toEqual(placedByRetry);
  });

  it('finds that another try has won meanwhile', async () => {
    const request = wanted();
    const reservation = held(request.items);
    rig.products.answer(() => reservation).expectRelease();
    const overtaken: Fault = async () => {
      await rig.plant(orderOfAnotherTry(request));
      throw lost();
    };
    rig.repository.faults = [overtaken];
    expect((await place(request)).replayed).toBe(true);
    expect(rig.products.released).toEqual([holdsOf(reservation.attempt, request)]);
  });

  it('does not take a duplicate for an answer while what it clashed with cannot be read', async () => {
    const request = wanted();
    await rig.plant({ ...orderOfAnotherTry(request), userId: newId() });
    rig.products.answer(({ items }) => held(items));
    expect(await refusalOf(place(request, 450))).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(rig.products.released).toEqual([]);
  });
});

describe('when the attempt was voided', () => {
  it('gives it back, then reserves anew and places the order', async () => {
    const request = wanted();
    const [voided, fresh] = [held(request.items), held(request.items)];
    await rig.plantTombstone(voided.attempt, request.userId);
    const stepsAtRelease: number[] = [];
    rig.products
      .answer(
        () => voided,
        () => fresh,
      )
      .expectRelease(() => stepsAtRelease.push(rig.products.requests.length));
    expect((await place(request)).replayed).toBe(false);
    expect((await stored(request))?.attempt).toBe(fresh.attempt);
    expect(rig.products.released).toEqual([holdsOf(voided.attempt, request)]);
    expect(stepsAtRelease).toEqual([1]);
    await expectSettled(fresh.attempt, request);
  });

  it('says that nothing was placed when there is no time for another reservation', async () => {
    const request = wanted();
    const voided = held(request.items);
    await rig.plantTombstone(voided.attempt, request.userId);
    rig.products.answer(() => voided).expectRelease();
    expect(await refusalOf(place(request, 290))).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfter: 1 });
    expect(rig.products.released).toEqual([holdsOf(voided.attempt, request)]);
    expect(await stored(request)).toBeNull();
  });

  it('believes the order that stands more than the tombstone of its own attempt', async () => {
    const request = wanted();
    const voided = held(request.items);
    await rig.plantTombstone(voided.attempt, request.userId);
    await rig.plant(orderOfAnotherTry(request));
    rig.products.answer(() => voided).expectRelease();
    expect((await place(request)).replayed).toBe(true);
    expect(rig.products.released).toEqual([holdsOf(voided.attempt, request)]);
  });
});

const voidedFirst: Fault = async (insert, { attempt, userId }) => {
  await rig.plantTombstone(attempt, userId);
  await insert();
};
const undisturbed: Fault = (insert) => insert();

/** Runs four tries at one order at once, the inserts meeting `faults` in turn, and reads what became of it. */
async function race(faults: Fault[]) {
  const request = wanted();
  rig.products.always(({ items }) => held(items)).expectRelease();
  rig.repository.faults = [...faults];
  const tries = Array.from({ length: 4 }, () => place(request, 700));
  const replies = (await Promise.allSettled(tries)).filter((each) => each.status === 'fulfilled');
  rig.repository.faults = [];
  const released = rig.products.released.map(({ attempt }) => attempt);
  rig.products.reset();
  return { order: await stored(request), released, replies: replies.map(({ value }) => value.order.id), request };
}

describe('whatever happens to the inserts of concurrent tries', () => {
  it('the attempt of an order that stands is never given back, and success means that it stands', async () => {
    const faults = fc.array(fc.constantFrom(undisturbed, lostBefore, lostAfter, voidedFirst), {
      minLength: 4,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(faults, async (faults) => {
        const { order, released, replies, request } = await race(faults);
        expect(released).not.toContain(order?.attempt);
        expect(new Set(released).size).toBe(released.length);
        expect(replies).toEqual(replies.map(() => order && request.orderId));
        expect(await rig.stored.countDocuments({ _id: request.orderId })).toBe(order ? 1 : 0);
      }),
      { numRuns: 40 },
    );
  });
});
