import { OrderId } from '@souk/contracts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawOrderId, orderIdOf } from './order-id.ts';

const text = fc.string({ minLength: 1, maxLength: 255 });

describe('the id of an order', () => {
  it('is the same for the same user and key, and another for any other', () => {
    fc.assert(
      fc.property(text, text, text, text, (user, key, otherUser, otherKey) => {
        const isSame = user === otherUser && key === otherKey;
        expect(orderIdOf(user, key) === orderIdOf(otherUser, otherKey)).toBe(isSame);
      }),
    );
  });

  it('does not depend on where the user ends and the key begins', () => {
    expect(orderIdOf('ab', 'c')).not.toBe(orderIdOf('a', 'bc'));
  });

  it('is well formed, derived or drawn', () => {
    expect(OrderId.parse(orderIdOf('user', 'key'))).toBeTruthy();
    expect(OrderId.parse(drawOrderId())).not.toBe(drawOrderId());
  });
});
