import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';
import type { Priority } from './priority.ts';

/** `<service>.<verb>`: the first token names the service that answers, and is its queue group. */
export const subjectRule = /^[a-z]+\.[a-z]+(?:[A-Z][a-z]*)*$/;

/** The programs that answer calls; each has a queue group of its name. */
export const services = ['user', 'product', 'order'] as const;
/** The programs of the shop. */
export const apps = ['gateway', ...services] as const;
/** The programs on the bus. The operator is a person with the `nats` CLI, or a tool. */
export const programs = [...apps, 'operator'] as const;
export type Program = (typeof programs)[number];

/**
 * For whom a call is made, checked by the service once more: nobody in particular, the user whom its `userId` names, or
 * any admin.
 */
export type ActsFor = 'nobody' | 'owner' | 'admin';

const BY_DEFAULT: readonly Program[] = ['gateway'];

/** Milliseconds a bus call may take unless its contract says otherwise (DESIGN §4). */
const DEFAULT_TIMEOUT_MS = 1_000;

interface ContractOptions<I extends z.ZodType, O extends z.ZodType> {
  input: I;
  output: O;
  /** A repeated delivery changes nothing more than the first did. */
  idempotent: boolean;
  actsFor: ActsFor;
  /** The programs that may make this call, besides the operator; the gateway alone by default. */
  callers?: readonly Program[];
  /** The codes this call may refuse with, beyond those of the transport itself. */
  errors: readonly ErrorCode[];
  timeoutMs?: number;
  /** What it gives way to when there is too much of everything; the lowest by default. */
  priority?: Priority;
}

/** One call on the bus. Handler and caller take their types from the same value. */
export interface Contract<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> extends Readonly<
  Required<ContractOptions<I, O>>
> {
  readonly subject: string;
  readonly service: string;
}

interface EventOptions<P extends z.ZodType> {
  payload: P;
  publishers: readonly Program[];
  listeners: readonly Program[];
}

/** One announcement to whoever listens; it has no queue group, so every replica hears it. */
export interface Event<P extends z.ZodType = z.ZodType> extends Readonly<EventOptions<P>> {
  readonly subject: string;
}

/** What a caller may pass to a contract. */
export type CallInput<C extends Contract> = z.input<C['input']>;
/** What a handler receives, after validation. */
export type HandlerInput<C extends Contract> = z.output<C['input']>;
/** What a call answers. */
export type Reply<C extends Contract> = z.output<C['output']>;

const serviceOf = (subject: string): string => subject.slice(0, subject.indexOf('.'));

function checkSubject(subject: string): void {
  if (!subjectRule.test(subject)) throw new TypeError(`subject ${subject}: use <service>.<verb>, for example user.get`);
}

export function contract<I extends z.ZodType, O extends z.ZodType>(
  subject: string,
  options: ContractOptions<I, O>,
): Contract<I, O> {
  checkSubject(subject);
  return Object.freeze({
    callers: BY_DEFAULT,
    timeoutMs: DEFAULT_TIMEOUT_MS,
    priority: 'catalogue',
    ...options,
    subject,
    service: serviceOf(subject),
  });
}

export function event<P extends z.ZodType>(subject: string, options: EventOptions<P>): Event<P> {
  checkSubject(subject);
  return Object.freeze({ ...options, subject });
}
