import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecimalPrice, MAX_PRICE_MINOR, toDecimal, toMinor } from './money.ts';

describe('money', () => {
  it('survives the way from minor units to a decimal number and back, for every price', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_PRICE_MINOR }), (minor) => toMinor(toDecimal(minor)) === minor),
    );
  });

  it('survives the way through JSON', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_PRICE_MINOR }), (minor) => {
        expect(DecimalPrice.parse(JSON.parse(JSON.stringify(toDecimal(minor))))).toBe(minor);
      }),
    );
  });

  it('takes prices with at most two decimals as minor units', () => {
    expect(DecimalPrice.parse(29.99)).toBe(2999);
    expect(DecimalPrice.parse(0.1)).toBe(10);
    expect(DecimalPrice.parse(5)).toBe(500);
  });

  it.each([-1, 1.999, 1e12, 1_000_000, Number.NaN, Number.POSITIVE_INFINITY, '29.99', null, {}, [1]])(
    'refuses %j as a price',
    (value) => {
      expect(DecimalPrice.safeParse(value).success).toBe(false);
    },
  );

  it('refuses every number with a third decimal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), fc.integer({ min: 1, max: 9 }), (minor, mill) => {
        expect(DecimalPrice.safeParse((minor * 10 + mill) / 1000).success).toBe(false);
      }),
    );
  });
});
