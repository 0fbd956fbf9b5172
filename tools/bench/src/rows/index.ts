import type { Row } from '../row.ts';
import { atGateway, throughNginx } from './cached.ts';
import { fiveHundred, memory, twoHundred } from './crowds.ts';
import { freshAtGateway, freshThroughNginx } from './freshness.ts';
import { listAgainstMonolith, orderAgainstMonolith, productAgainstMonolith } from './monolith.ts';
import { observedHits, untracedReads } from './observed.ts';
import { throughBus } from './uncached.ts';
import { logins, ordersPlaced } from './writes.ts';

/** By the names the command line knows them by. */
export const rows = {
  nginx: throughNginx,
  gateway: atGateway,
  bus: throughBus,
  orders: ordersPlaced,
  logins,
  'monolith-list': listAgainstMonolith,
  'monolith-product': productAgainstMonolith,
  'monolith-order': orderAgainstMonolith,
  'vus-200': twoHundred,
  'vus-500': fiveHundred,
  memory,
  'fresh-gateway': freshAtGateway,
  'fresh-nginx': freshThroughNginx,
  observed: observedHits,
  tracing: untracedReads,
} as const satisfies Record<string, Row>;
