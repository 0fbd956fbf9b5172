import { Currency } from '@souk/contracts';
import { mongoUrl, portOf, serviceEnv } from '@souk/platform';
import type { z } from 'zod';

export const ProductEnv = serviceEnv.extend({
  PORT: portOf(3002),
  MONGODB_URL: mongoUrl,
  /** One per shop; every price is in it. */
  CURRENCY: Currency.default('USD'),
});
export type ProductEnv = z.output<typeof ProductEnv>;

/** Injects the app's `ProductEnv`. */
export const ENV = Symbol('ENV');
