import { z } from 'zod';
import { contract, event } from './contract.ts';
import { characters, Id, Instant, text } from './scalars.ts';

export const Role = z.enum(['customer', 'admin']);
export type Role = z.infer<typeof Role>;

/** The shortest password of a new account, in characters, that may be allowed. */
export const PASSWORD_FLOOR = 6;

/** Labels of a domain have 1 to 63 characters and no hyphen at either end (RFC 1035). */
const EMAIL =
  /^[A-Za-z0-9_'+-]+(?:\.[A-Za-z0-9_'+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;
/** RFC 5321 §4.5.3.1. */
const MAX_LOCAL_PART = 64;

export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(EMAIL, 'Not an e-mail address.')
  .refine((email) => email.indexOf('@') <= MAX_LOCAL_PART, 'Not an e-mail address.')
  .meta({ format: 'email' });

/** No body can hold a NUL (strict JSON). */
const NO_NUL = '^[^\\u0000]*$';
const Password = characters(1, 128).meta({ pattern: NO_NUL });
/** The user service may ask for more (`PASSWORD_MIN_LENGTH`). */
const NewPassword = characters(PASSWORD_FLOOR, 128).meta({ pattern: NO_NUL });

export const User = z.object({ id: Id, email: z.string(), name: z.string(), role: Role }).meta({ id: 'User' });
export type User = z.infer<typeof User>;

/** `expiresIn` is the life of the access token in seconds. */
export const Session = z
  .object({ user: User, accessToken: z.string(), refreshToken: z.string(), expiresIn: z.int().positive() })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

export const Registration = z.strictObject({ email: Email, password: NewPassword, name: text(100) });
export const Credentials = z.strictObject({ email: Email, password: Password });
export const RefreshRequest = z.strictObject({
  refreshToken: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, 'Not a refresh token.')
    .meta({ examples: ['pYp2bq0mUuQmJv5m8n8m0m3yV7o2yq4xVf8d9s0aBcE'] }),
});

export const PasswordChange = z.strictObject({ currentPassword: Password, newPassword: NewPassword });

const SessionId = z
  .string()
  .regex(/^[0-9a-f]{24}$/, 'Not a session id.')
  .meta({ examples: ['65f2a1c09d3e4b5f60718294'] });

/**
 * Access tokens that are good no more before they expire: those of one session, or those of a user from before a moment.
 * Forgotten at `until`, when the last of them has expired.
 */
export const Revocation = z.discriminatedUnion('of', [
  z.strictObject({ of: z.literal('session'), sid: SessionId, until: Instant }),
  z.strictObject({ of: z.literal('user'), userId: Id, notBefore: Instant, until: Instant }),
]);
export type Revocation = z.infer<typeof Revocation>;

/** Told to every gateway as soon as it is written down. */
export const userRevoked = event('user.revoked', {
  payload: Revocation,
  publishers: ['user'],
  listeners: ['gateway'],
});

/** How many revocations one answer of `user.revocations` holds at most. */
export const REVOCATIONS_PAGE = 500;

/**
 * Milliseconds for a call that hashes a password: 15 ms of a core when it is free, up to 250 when it is not, between two calls of the
 * store. In the second that others have, some logins beside 500 shoppers were too late.
 */
const HASHING_TIMEOUT_MS = 2_400;

export const userContracts = {
  register: contract('user.register', {
    input: Registration,
    output: Session,
    idempotent: false,
    actsFor: 'nobody',
    errors: ['EMAIL_TAKEN', 'VALIDATION_FAILED', 'OVERLOADED'],
    timeoutMs: HASHING_TIMEOUT_MS,
    priority: 'login',
  }),
  login: contract('user.login', {
    input: Credentials,
    output: Session,
    idempotent: false,
    actsFor: 'nobody',
    errors: ['INVALID_CREDENTIALS', 'OVERLOADED'],
    timeoutMs: HASHING_TIMEOUT_MS,
    priority: 'login',
  }),
  refresh: contract('user.refresh', {
    input: RefreshRequest,
    output: Session,
    idempotent: true,
    actsFor: 'nobody',
    errors: ['UNAUTHENTICATED'],
    priority: 'login',
  }),
  logout: contract('user.logout', {
    input: z.strictObject({ userId: Id, sid: SessionId }),
    output: z.strictObject({}),
    idempotent: true,
    actsFor: 'owner',
    errors: [],
    priority: 'login',
  }),
  logoutAll: contract('user.logoutAll', {
    input: z.strictObject({ userId: Id }),
    output: z.strictObject({}),
    idempotent: true,
    actsFor: 'owner',
    errors: ['USER_NOT_FOUND'],
    priority: 'login',
  }),
  changePassword: contract('user.changePassword', {
    input: PasswordChange.extend({ userId: Id }),
    output: Session,
    idempotent: false,
    actsFor: 'owner',
    errors: ['INVALID_CREDENTIALS', 'USER_NOT_FOUND', 'VALIDATION_FAILED', 'OVERLOADED'],
    timeoutMs: HASHING_TIMEOUT_MS,
    priority: 'login',
  }),
  /** Those in force, in pages: `after` is the `next` of the page before, null on the last one. */
  revocations: contract('user.revocations', {
    input: z.strictObject({ after: z.string().max(100).optional() }),
    output: z.strictObject({ items: z.array(Revocation), next: z.string().nullable() }),
    idempotent: true,
    actsFor: 'nobody',
    errors: [],
    priority: 'login',
  }),
  get: contract('user.get', {
    input: z.strictObject({ userId: Id }),
    output: User,
    idempotent: true,
    actsFor: 'owner',
    errors: ['USER_NOT_FOUND'],
    priority: 'profile',
  }),
};
