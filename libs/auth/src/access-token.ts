import { Role } from '@souk/contracts';
import { z } from 'zod';

export const ISSUER = 'souk';
export const AUDIENCE = 'souk-api';

/** Seconds an access token is good for. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;

/** Tells access tokens from whatever else may be signed with the same key (RFC 8725 §3.12). */
export const TOKEN_USE = 'access';

/** Injects the `KeyRing`. */
export const KEY_RING = Symbol('KEY_RING');

/** Who sends a request. `sid` is the session the access token belongs to, `since` when that began. */
export interface Principal {
  userId: string;
  role: Role;
  sid: string;
  since: Date;
  email?: string | undefined;
}

// `exp` is named because the JWT library takes a token without one for one that never expires.
const AccessClaims = z.object({
  sub: z.string().min(1),
  sid: z.string().min(1),
  role: Role,
  email: z.string().optional(),
  token_use: z.literal(TOKEN_USE),
  exp: z.number(),
  // Seconds with a fraction (RFC 7519 §2): what a password change ends must be told from what begins in the same second.
  auth_time: z.number().positive(),
});

/** What the claims of an access token say. */
export interface Verified {
  principal: Principal;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** Reads verified claims; undefined when they are not those of an access token. */
export function readClaims(claims: unknown): Verified | undefined {
  const { data } = AccessClaims.safeParse(claims);
  if (!data) return undefined;
  const since = new Date(Math.round(data.auth_time * 1_000));
  const principal = { userId: data.sub, role: data.role, sid: data.sid, since, email: data.email };
  return { principal, expiresAt: data.exp * 1_000 };
}
