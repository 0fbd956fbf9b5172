/** Who asks: `customer` owns what is asked for, `expired` is the same customer with a token that has run out. */
export const KINDS = ['anonymous', 'customer', 'other', 'admin', 'expired'] as const;
export type Kind = (typeof KINDS)[number];

const everybody = (status: number) => [status, status, status, status, status] as const;
const account = (status: number) => [401, status, status, status, 401] as const;
const owner = (status: number) => [401, status, 404, 404, 401] as const;
const admin = (status: number) => [401, 403, 403, status, 401] as const;

/** What each operation answers to each kind, in the order of `KINDS`, when nothing else is wrong with the request. */
export const accessMatrix: Readonly<Record<string, readonly [number, number, number, number, number]>> = {
  'POST /api/auth/register': everybody(201),
  'POST /api/auth/login': everybody(200),
  'POST /api/auth/refresh': everybody(200),
  'POST /api/auth/logout': account(204),
  'POST /api/auth/logout-all': account(204),
  'POST /api/auth/password': account(200),
  'GET /api/auth/profile': account(200),
  'GET /api/products': everybody(200),
  'GET /api/products/:id': everybody(200),
  'GET /api/categories': everybody(200),
  'POST /api/products': admin(201),
  'POST /api/products/import': admin(200),
  'PATCH /api/products/:id': admin(200),
  'DELETE /api/products/:id': admin(204),
  'POST /api/orders': account(201),
  'GET /api/orders': account(200),
  'GET /api/orders/:id': owner(200),
  'POST /api/orders/:id/cancel': owner(200),
  'POST /api/orders/:id/pay': admin(200),
  'POST /api/orders/:id/ship': admin(200),
  'POST /api/orders/:id/deliver': admin(200),
  'GET /health': everybody(200),
  'GET /health/live': everybody(200),
  'GET /health/ready': everybody(200),
};
