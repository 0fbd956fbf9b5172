import { z } from 'zod';
import { toMinorUnits } from './money.ts';
import type { Call } from '../history/call.ts';
import type { OrderRow } from './evidence.ts';

const View = z.object({
  id: z.string(),
  currency: z.string(),
  total: z.number(),
  items: z.array(z.object({ productId: z.string(), name: z.string(), price: z.number(), quantity: z.number() })),
  createdAt: z.string(),
});

/** The order that the answer of a successful call shows. */
export const orderIdIn = (call: Call): string => viewIn(call).id;

/** What never changes of an order, as text; the same from an answer and from the store. */
export function immutablePartOf(order: OrderRow): string {
  const { _id: id, currency, total, items, createdAt } = order;
  const lines = items.map(({ productId, name, price, quantity }) => [productId, name, price, quantity]);
  return JSON.stringify([id, currency, total, lines, createdAt.toISOString()]);
}

/** The same of an answer. */
export function immutablePartIn(call: Call): string {
  const { id, currency, total, items, createdAt } = viewIn(call);
  const lines = items.map(({ productId, name, price, quantity }) => [productId, name, toMinorUnits(price), quantity]);
  return JSON.stringify([id, currency, toMinorUnits(total), lines, createdAt]);
}

const viewIn = ({ body }: Call): z.infer<typeof View> => View.parse(JSON.parse(body ?? ''));
