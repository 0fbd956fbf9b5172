import { z } from 'zod';
import { contract } from './contract.ts';
import { Id, text } from './scalars.ts';

export const Role = z.enum(['customer', 'admin']);
export type Role = z.infer<typeof Role>;

export const Email = z.string().trim().toLowerCase().max(254).email();

/** The shortest password allowed is set by the user service (`PASSWORD_MIN_LENGTH`). */
const Password = z.string().min(1).max(128);

export const User = z.object({ id: Id, email: z.string(), name: z.string(), role: Role }).meta({ id: 'User' });
export type User = z.infer<typeof User>;

/** `expiresIn` is the life of the access token in seconds. */
export const Session = z
  .object({ user: User, accessToken: z.string(), refreshToken: z.string(), expiresIn: z.int().positive() })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

export const Registration = z.strictObject({ email: Email, password: Password, name: text(100) });
export const Credentials = z.strictObject({ email: Email, password: Password });
export const RefreshRequest = z.strictObject({
  refreshToken: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'Not a refresh token.'),
});

export const userContracts = {
  register: contract('user.register', {
    input: Registration,
    output: Session,
    idempotent: false,
    errors: ['EMAIL_TAKEN', 'VALIDATION_FAILED', 'OVERLOADED'],
    priority: 'login',
  }),
  login: contract('user.login', {
    input: Credentials,
    output: Session,
    idempotent: false,
    errors: ['INVALID_CREDENTIALS', 'OVERLOADED'],
    priority: 'login',
  }),
  refresh: contract('user.refresh', {
    input: RefreshRequest,
    output: Session,
    idempotent: true,
    errors: ['UNAUTHENTICATED'],
    priority: 'login',
  }),
  get: contract('user.get', {
    input: z.strictObject({ userId: Id }),
    output: User,
    idempotent: true,
    errors: ['USER_NOT_FOUND'],
    priority: 'profile',
  }),
};
