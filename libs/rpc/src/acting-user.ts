import { type ActsFor, AppError, type Contract } from '@souk/contracts';
import { type ActingUser, currentContext } from '@souk/platform';
import { z } from 'zod';

const Owned = z.object({ userId: z.string() });

/**
 * Checks once more, behind the gateway's guards, that a call is made for a user who may make it. A message without a
 * caller was sent by hand: of the programs the bus lets on a subject only the operator does that. Throws `FORBIDDEN`.
 */
export function checkActingUser({ actsFor, subject }: Contract, caller: string | undefined, input: unknown): void {
  if (caller === undefined || mayAct[actsFor](currentContext()?.actingUser, input)) return;
  throw new AppError('FORBIDDEN', { details: { subject } });
}

const mayAct: Record<ActsFor, (user: ActingUser | undefined, input: unknown) => boolean> = {
  nobody: () => true,
  owner: (user, input) => user !== undefined && Owned.safeParse(input).data?.userId === user.userId,
  admin: (user) => user?.role === 'admin',
};
