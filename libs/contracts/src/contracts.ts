import { drainAsked, logLevelAsked, tapAsked, tapped } from './bus.ts';
import { type Contract, type Event, services } from './contract.ts';
import { orderContracts } from './order.ts';
import { catalogueChanged, productContracts } from './product.ts';
import { userContracts, userRevoked } from './user.ts';

/** The calls that each service answers. */
const contractsOf: Record<(typeof services)[number], Record<string, Contract>> = {
  user: userContracts,
  product: productContracts,
  order: orderContracts,
};

/** Every call on the bus. */
export const allContracts: readonly Contract[] = services.flatMap((service) => Object.values(contractsOf[service]));

/** Every announcement on the bus. */
export const allEvents: readonly Event[] = [catalogueChanged, userRevoked, tapAsked, tapped, drainAsked, logLevelAsked];
