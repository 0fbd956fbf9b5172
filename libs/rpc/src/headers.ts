import { headers, type MsgHdrs } from '@nats-io/nats-core';
import { callHeaderNames as names, Role } from '@souk/contracts';
import type { ActingUser, RequestContext } from '@souk/platform';
import { safeRequestId } from '@souk/platform';

/** Milliseconds no deadline lies further ahead than. */
export const LONGEST_DEADLINE_MS = 5_000;

export interface CallHeaders {
  requestId: string;
  caller: string;
  /** Milliseconds since the epoch. */
  deadline: number;
  traceparent?: string | undefined;
  actingUser?: ActingUser | undefined;
}

export function writeHeaders({ requestId, caller, deadline, traceparent, actingUser }: CallHeaders): MsgHdrs {
  const result = headers();
  result.set(names.requestId, requestId);
  result.set(names.caller, caller);
  result.set(names.deadline, String(deadline));
  if (traceparent) result.set(names.traceparent, traceparent);
  if (actingUser) result.set(names.actingUser, `${actingUser.userId} ${actingUser.role}`);
  return result;
}

/**
 * The context a message carries. A call without a deadline (from the `nats` CLI, say) gets the contract's timeout, and
 * so does one whose deadline lies more than five seconds ahead: its sender's clock cannot be trusted (DESIGN §4).
 */
export function readContext(from: MsgHdrs | undefined, now: number, timeoutMs: number): RequestContext {
  const offered = Number(from?.get(names.deadline) || Number.NaN);
  const trusted = offered <= now + LONGEST_DEADLINE_MS;
  return {
    requestId: safeRequestId(from?.get(names.requestId)),
    traceparent: from?.get(names.traceparent) || undefined,
    deadline: trusted ? offered : now + timeoutMs,
    actingUser: readActingUser(from?.get(names.actingUser)),
  };
}

/** The program that sent a message; undefined for one sent by hand. */
export const callerOf = (from: MsgHdrs | undefined): string | undefined => from?.get(names.caller) || undefined;

function readActingUser(header = ''): ActingUser | undefined {
  const [userId, role] = header.split(' ');
  const known = Role.safeParse(role);
  return userId && known.success ? { userId, role: known.data } : undefined;
}
