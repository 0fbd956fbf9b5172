import { drainAsked, logLevelAsked, tapAsked, tapped } from './bus.ts';
import type { Contract, Event } from './contract.ts';
import { orderContracts } from './order.ts';
import { catalogueChanged, productContracts } from './product.ts';
import { userContracts, userRevoked } from './user.ts';

/** Every call on the bus. */
export const allContracts: readonly Contract[] = [userContracts, productContracts, orderContracts].flatMap((group) =>
  Object.values<Contract>(group),
);

/** Every announcement on the bus. */
export const allEvents: readonly Event[] = [catalogueChanged, userRevoked, tapAsked, tapped, drainAsked, logLevelAsked];
