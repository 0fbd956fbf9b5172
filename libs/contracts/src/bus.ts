import { z } from 'zod';
import { apps, event, services } from './contract.ts';
import { Instant } from './scalars.ts';

/** The headers of a call; all may be left out by one that is made by hand. */
export const callHeaderNames = {
  requestId: 'Souk-Request-Id',
  caller: 'Souk-Caller',
  deadline: 'Souk-Deadline',
  actingUser: 'Souk-Acting-User',
  traceparent: 'traceparent',
} as const;

/** Seconds a tap stays open; whoever goes on listening asks again before they are over. */
export const TAP_SECONDS = 5;

/** Asks every process on the bus to report its calls as `bus.tapped`; no subjects: all of them. */
export const tapAsked = event('bus.tap', {
  payload: z.strictObject({ subjects: z.array(z.string().max(100)).max(100) }),
  publishers: ['operator'],
  listeners: apps,
});

/** One command to the store, made for a call: `find products`. */
export const StoreCall = z.strictObject({
  command: z.string(),
  milliseconds: z.number().min(0),
  outcome: z.enum(['ok', 'failed']),
});
export type StoreCall = z.infer<typeof StoreCall>;

/**
 * A call as one end of it saw it. The handler reports each it answered, the caller those that nobody answered. Passwords,
 * tokens and e-mails are taken out; a payload that is too large is left out.
 */
export const TappedCall = z.strictObject({
  seenBy: z.enum(['handler', 'caller']),
  subject: z.string(),
  caller: z.string().nullable(),
  /** The id by which `$SRV.INFO` knows the handler; null where nobody answered. */
  replica: z.string().nullable(),
  requestId: z.string(),
  at: Instant,
  milliseconds: z.number().min(0),
  /** `ok` or an error code. */
  outcome: z.string(),
  request: z.unknown(),
  reply: z.unknown(),
  store: z.array(StoreCall),
});
export type TappedCall = z.infer<typeof TappedCall>;

export const tapped = event('bus.tapped', { payload: TappedCall, publishers: apps, listeners: ['operator'] });

/** Tells one replica of a service, by the id of `$SRV.INFO`, to finish what it has begun and to go. */
export const drainAsked = event('bus.drain', {
  payload: z.strictObject({ replica: z.string() }),
  publishers: ['operator'],
  listeners: services,
});

export const LogLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);
export type LogLevel = z.infer<typeof LogLevel>;

/** Any: who hears of a program that is newer than itself is not to be startled. */
const ProgramName = z
  .string()
  .regex(/^[a-z]+$/)
  .meta({ examples: ['product'] });

/** Has every replica of a program, or of all, log from this level on, until it is started anew. */
export const logLevelAsked = event('bus.logLevel', {
  payload: z.strictObject({ level: LogLevel, program: ProgramName.nullable() }),
  publishers: ['operator'],
  listeners: apps,
});
