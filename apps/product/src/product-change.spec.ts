import { describe, expect, it } from 'vitest';
import { newProduct } from './new-product.ts';
import { planChange, touchesListing } from './product-change.ts';

const id = '0123456789abcdef01234567';
const current = newProduct({ name: 'Lamp', price: 500, category: 'Home', stock: 3, description: 'Warm light' }, id);
const refusalOf = (stock: Parameters<typeof planChange>[1]['stock']) => {
  try {
    return planChange(current, { stock });
  } catch (error) {
    return error;
  }
};

describe('a change of texts', () => {
  it('derives the search terms from what the product will say, guarded by what it says now', () => {
    const { guard, set } = planChange(current, { name: 'Torch', price: 700 });
    expect(set).toEqual({ name: 'Torch', price: 700, nameKey: 'torch', terms: ['torch', 'home', 'warm', 'light'] });
    expect(guard).toEqual({ text: { name: 'Lamp', category: 'Home', description: 'Warm light' } });
  });

  it('is not one if only the price moves', () => {
    expect(planChange(current, { price: 1 })).toEqual({ guard: {}, set: { price: 1 }, stockDelta: 0 });
  });
});

describe('a change of stock', () => {
  it('by a difference is guarded by what must be left', () => {
    expect(planChange(current, { stock: { delta: -3 } })).toEqual({ guard: { minStock: 3 }, set: {}, stockDelta: -3 });
  });

  it('below nothing is refused, naming what is left', () => {
    expect(refusalOf({ delta: -4 })).toMatchObject({
      code: 'OUT_OF_STOCK',
      details: { productId: id, name: 'Lamp', available: 3 },
    });
  });

  it('outright is made against the revision that was read', () => {
    expect(planChange(current, { stock: { set: 9, ifRevision: 0 } })).toMatchObject({
      guard: { revision: 0 },
      set: { stock: 9 },
      stockDelta: 0,
    });
    expect(refusalOf({ set: 9, ifRevision: 1 })).toMatchObject({ code: 'PRECONDITION_FAILED' });
  });

  it('moves no list', () => {
    expect(touchesListing({ stock: { delta: 1 } })).toBe(false);
    expect(touchesListing({ stock: { delta: 1 }, price: 1 })).toBe(true);
  });
});
