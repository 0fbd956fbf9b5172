import type { Row } from '../row.ts';
import { atGateway, throughNginx } from './cached.ts';
import { listAgainstMonolith, orderAgainstMonolith, productAgainstMonolith } from './monolith.ts';
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
} as const satisfies Record<string, Row>;
