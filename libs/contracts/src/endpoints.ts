import type { Endpoint } from './endpoint.ts';
import { authEndpoints } from './http/auth.http.ts';
import { healthEndpoints } from './http/health.http.ts';
import { orderEndpoints } from './http/order.http.ts';
import { productEndpoints } from './http/product.http.ts';

/** Every operation of the HTTP API. */
export const allEndpoints: readonly Endpoint[] = [
  authEndpoints,
  productEndpoints,
  orderEndpoints,
  healthEndpoints,
].flatMap((group) => Object.values<Endpoint>(group));
