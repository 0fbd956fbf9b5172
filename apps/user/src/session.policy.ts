import type { SessionDocument } from './session.schema.ts';

/** Counted from the login, whatever is renewed meanwhile. */
export const SESSION_LIFE_MS = 30 * 24 * 60 * 60_000;
/** How long a lost answer may be asked for again. */
export const REPEAT_WINDOW_MS = 10_000;

/** `repeat`: the same answer again. `reuse`: somebody holds a copy. `dead`: there is nothing to protect any more. */
export type Verdict = 'repeat' | 'reuse' | 'dead';

/** What it means that a token, given by its hash, is not the current one of its session. */
export function judgeSpent(session: SessionDocument | null, hash: string, now: Date): Verdict {
  if (!session || session.revokedAt || session.expiresAt <= now) return 'dead';
  if (session.previous !== hash || !session.rotatedAt) return 'reuse';
  return now.getTime() - session.rotatedAt.getTime() <= REPEAT_WINDOW_MS ? 'repeat' : 'reuse';
}
