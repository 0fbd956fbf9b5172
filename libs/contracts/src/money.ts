import { z } from 'zod';

/** Inside the system money is a whole number of minor units (cents); the largest price is 999,999.99. */
export const MAX_PRICE_MINOR = 99_999_999;

export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'Use an ISO 4217 code such as USD.')
  .meta({ examples: ['USD'] });
export const MinorUnits = z.int().min(0);
export const Price = MinorUnits.max(MAX_PRICE_MINOR);

/** 29.99 → 2999. The argument has at most two decimals, so rounding only removes binary noise. */
export const toMinor = (decimal: number): number => Math.round(decimal * 100);

/** 2999 → 29.99. */
export const toDecimal = (minor: number): number => minor / 100;

const hasCentsAtMost = (decimal: number): boolean => toDecimal(toMinor(decimal)) === decimal;

/** A price as the API takes it: a decimal number with at most two digits after the point. Parses to minor units. */
export const DecimalPrice = z
  .number()
  .min(0)
  .max(toDecimal(MAX_PRICE_MINOR))
  .refine(hasCentsAtMost, 'Use at most two decimals.')
  .meta({ multipleOf: 0.01 })
  .transform(toMinor);

/** A price or total as the API shows it. */
export const DecimalAmount = z
  .number()
  .min(0)
  .meta({ examples: [29.99] });
