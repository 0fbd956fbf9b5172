import { signingVariables, withKeyRing } from '@souk/auth';
import { Email, PASSWORD_FLOOR } from '@souk/contracts';
import { mongoUrl, portOf, serviceEnv } from '@souk/platform';
import { z } from 'zod';
import { isLongEnough } from './password.policy.ts';

const accountVariables = {
  MONGODB_URL: mongoUrl,
  /** Characters; contracts ask for 6 and cap a password at 128. */
  PASSWORD_MIN_LENGTH: z.coerce.number().int().min(PASSWORD_FLOOR).max(128).default(PASSWORD_FLOOR),
};

/** What it takes to look after accounts without being the service. */
export const AdminEnv = z.object(accountVariables);
export type AdminEnv = z.output<typeof AdminEnv>;

const variables = serviceEnv.extend({
  PORT: portOf(3001),
  ...accountVariables,
  ...signingVariables,
  /** The first admin; both or neither. */
  ADMIN_EMAIL: Email.optional(),
  ADMIN_PASSWORD: z.string().max(128).optional(),
});

export const UserEnv = variables
  .refine(({ ADMIN_EMAIL, ADMIN_PASSWORD }) => ADMIN_EMAIL === undefined || ADMIN_PASSWORD !== undefined, {
    path: ['ADMIN_PASSWORD'],
    message: 'ADMIN_EMAIL is set: set this too, or neither.',
  })
  .refine(({ ADMIN_EMAIL, ADMIN_PASSWORD }) => ADMIN_PASSWORD === undefined || ADMIN_EMAIL !== undefined, {
    path: ['ADMIN_EMAIL'],
    message: 'ADMIN_PASSWORD is set: set this too, or neither.',
  })
  .refine(({ ADMIN_PASSWORD: password, PASSWORD_MIN_LENGTH: min }) => !password || isLongEnough(password, min), {
    path: ['ADMIN_PASSWORD'],
    message: 'Shorter than PASSWORD_MIN_LENGTH.',
  })
  .transform(withKeyRing);
export type UserEnv = z.output<typeof UserEnv>;

/** Injects the app's `UserEnv`. */
export const ENV = Symbol('ENV');
