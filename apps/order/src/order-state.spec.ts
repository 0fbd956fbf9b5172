import { OrderStatus } from '@souk/contracts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasMade, illegalMove, sourcesOf, transitions } from './order-state.ts';

const at = new Date();
const moveTo = (status: OrderStatus, moveId?: string) => ({ status, at, ...(moveId && { moveId }) });
const orderIn = (status: OrderStatus) => ({ status, history: [moveTo('confirmed')] });

const status = fc.constantFrom(...OrderStatus.options);

describe('the states of an order', () => {
  it('lead from confirmed to delivered, or to cancelled before it is shipped', () => {
    expect(sourcesOf('paid')).toEqual(['confirmed']);
    expect(sourcesOf('shipped')).toEqual(['paid']);
    expect(sourcesOf('delivered')).toEqual(['shipped']);
    expect(sourcesOf('cancelling')).toEqual(['confirmed', 'paid']);
    expect(sourcesOf('cancelled')).toEqual(['cancelling']);
    expect(sourcesOf('confirmed')).toEqual([]);
  });

  it('never lead back: no walk visits a state twice', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), (choices) => {
        const seen: OrderStatus[] = ['confirmed'];
        for (const choice of choices) {
          const next = transitions[seen.at(-1) ?? 'confirmed'];
          const to = next[choice % next.length];
          if (to) seen.push(to);
        }
        expect(new Set(seen).size).toBe(seen.length);
      }),
    );
  });

  it('may come from exactly those that lead there', () => {
    fc.assert(
      fc.property(status, status, (from, to) => {
        expect(sourcesOf(to).includes(from)).toBe(transitions[from].includes(to));
      }),
    );
  });

  it('count a move as made where it led, and a cancellation also when it is through', () => {
    expect(hasMade(orderIn('paid'), moveTo('paid'))).toBe(true);
    expect(hasMade(orderIn('shipped'), moveTo('paid'))).toBe(false);
    expect(hasMade(orderIn('cancelled'), moveTo('cancelling'))).toBe(true);
    expect(hasMade(orderIn('cancelling'), moveTo('cancelled'))).toBe(false);
  });

  it('count a move as made whatever followed it, where its id says that it was', () => {
    const history = [moveTo('confirmed'), moveTo('paid', 'mine'), moveTo('cancelling')];
    const order = { status: 'cancelling', history } as const;
    expect(hasMade(order, moveTo('paid', 'mine'))).toBe(true);
    expect(hasMade(order, moveTo('paid', 'another'))).toBe(false);
  });

  it('are both named when a move is refused', () => {
    expect(illegalMove('shipped', 'cancelling').toBody()).toMatchObject({
      code: 'ORDER_STATE_CONFLICT',
      message: 'An order that is shipped cannot become cancelled.',
      details: { from: 'shipped', to: 'cancelling' },
    });
  });
});
