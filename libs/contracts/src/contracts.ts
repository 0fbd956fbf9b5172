import type { Contract } from './contract.ts';
import { orderContracts } from './order.ts';
import { productContracts } from './product.ts';
import { userContracts } from './user.ts';

/** Every call on the bus. */
export const allContracts: readonly Contract[] = [userContracts, productContracts, orderContracts].flatMap((group) =>
  Object.values<Contract>(group),
);
