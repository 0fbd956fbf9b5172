import { authEndpoints, type Endpoint, orderEndpoints } from '@souk/contracts';

/** A limit counted in Redis before the request goes on, so that it holds across replicas. */
export interface InlineLimit {
  name: string;
  /** Requests in `seconds`. */
  points: number;
  seconds: number;
  per: 'address' | 'user' | 'account';
}

/** Costly or attacked operations; all others share the general limit. */
export const inlineLimits: ReadonlyMap<Endpoint, readonly InlineLimit[]> = new Map<Endpoint, InlineLimit[]>([
  [authEndpoints.register, [{ name: 'register', points: 5, seconds: 60, per: 'address' }]],
  [
    authEndpoints.login,
    [
      { name: 'login', points: 20, seconds: 60, per: 'address' },
      { name: 'login-account', points: 5, seconds: 60, per: 'account' },
    ],
  ],
  // A guess at the password, as a login is.
  [authEndpoints.changePassword, [{ name: 'password', points: 5, seconds: 60, per: 'user' }]],
  [orderEndpoints.place, [{ name: 'orders', points: 120, seconds: 60, per: 'user' }]],
]);

/** Requests a second from one address, and how many may come at once. */
export const generalLimit = { perSecond: 100, burst: 200 } as const;
