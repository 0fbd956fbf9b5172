import { parseArgs } from 'node:util';
import { AppError, Email, type User } from '@souk/contracts';
import type { AdminAccounts } from './admin.accounts.ts';
import { isLongEnough } from './password.policy.ts';

export const ADMIN_HELP = `npm run admin:create -- --email <e-mail> [--name <name>]     creates an admin

  --email    who logs in with it
  --name     default "Admin"
  --promote  makes an admin of the account that has this e-mail already; asks for no password
  --json     print the account as JSON
  --help     print this

The password is asked for, or read as the first line of standard input: arguments can be seen by everybody on the machine.
MONGODB_URL names the database of the user service; without it that of the running stack (\`npm run up\`) is used.
The exit code is 0 when it was done, 1 when it was not, 2 when the command line makes no sense.`;

/** A command line that makes no sense; the message says why. */
export class AdminUsageError extends Error {
  override readonly name = 'AdminUsageError';
}

export interface AdminCommand {
  email: string;
  name: string;
  promote: boolean;
  json: boolean;
  help: boolean;
}

/** Throws `AdminUsageError`. */
export function parseAdminCommand(args: string[]): AdminCommand {
  const { email = '', name = 'Admin', promote = false, json = false, help = false } = valuesOf(args);
  const valid = Email.safeParse(email);
  if (!valid.success && !help) throw new AdminUsageError(`--email: ${email ? `${email} is no e-mail` : 'is missing'}.`);
  return { email: valid.data ?? '', name, promote, json, help };
}

/** Throws `AppError` with a message for whoever typed the command. */
export async function runAdminCommand(
  { email, name, promote }: AdminCommand,
  accounts: AdminAccounts,
  askPassword: () => Promise<string>,
  minLength: number,
): Promise<User> {
  if (promote) return accounts.promote(email).catch(explain(email));
  const password = await askPassword();
  if (!isLongEnough(password, minLength) || password.length > LONGEST) {
    throw new AppError('VALIDATION_FAILED', {
      message: `The password must have ${minLength} to ${LONGEST} characters.`,
    });
  }
  return accounts.create({ email, name, password }).catch(explain(email));
}

/** As the contracts cap it. */
const LONGEST = 128;

function valuesOf(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    throw new AdminUsageError(error instanceof Error ? error.message : String(error));
  }
}

const OPTIONS = {
  email: { type: 'string' },
  name: { type: 'string' },
  promote: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const explain = (email: string) => (error: unknown) => {
  if (!(error instanceof AppError)) throw error;
  const message = MESSAGES[error.code]?.(email);
  throw message === undefined ? error : new AppError(error.code, { message });
};

const MESSAGES: Partial<Record<string, (email: string) => string>> = {
  EMAIL_TAKEN: (email) => `${email} has an account already: --promote makes an admin of it.`,
  USER_NOT_FOUND: (email) => `${email} has no account: without --promote one is created.`,
};
