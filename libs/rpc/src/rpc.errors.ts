import { AppError, ErrorBody, type ErrorCode } from '@souk/contracts';
import { NoRespondersError, RequestError, TimeoutError } from '@nats-io/nats-core';
import { CircuitOpenError, type Refusal } from '@souk/resilience';

/** Seconds a caller should wait before it tries again what could not be sent. */
const RETRY_AFTER = 1;

/** The connection to the broker is down: nothing was sent. */
export class BusDownError extends Error {
  override readonly name = 'BusDownError';
}

/** What a failed call looks like to the caller. A timeout leaves the outcome unknown, the others sent nothing. */
export function toAppError(error: unknown, service: string): AppError {
  if (error instanceof AppError) return error;
  if (isUnreachable(error)) {
    const message = `The ${service} service is not available right now.`;
    const retryAfter = error instanceof CircuitOpenError ? error.retryAfter : RETRY_AFTER;
    return new AppError('SERVICE_UNAVAILABLE', { message, retryAfter, cause: error, details: { service } });
  }
  if (isUnanswered(error)) return new AppError('DEADLINE_EXCEEDED', { cause: error, details: { service } });
  return new AppError('INTERNAL', { cause: error });
}

/** The error a service answered with. A code that is not in the table is not trusted. */
export function readErrorReply(payload: unknown): AppError {
  const body = ErrorBody.safeParse(payload);
  if (!body.success) return new AppError('BAD_REPLY', { cause: body.error });
  const { code, ...options } = body.data;
  return new AppError(code as ErrorCode, options);
}

/** What a caller is told whose call was not started. */
export function toRefusal(reason: Refusal): AppError {
  switch (reason) {
    case 'overloaded':
      return new AppError('OVERLOADED', { retryAfter: RETRY_AFTER });
    case 'expired':
      return new AppError('DEADLINE_EXCEEDED');
  }
}

/** What a handler's failure becomes on the wire: known ones as they are, unknown ones masked. */
export const toErrorReply = (error: unknown): AppError =>
  error instanceof AppError ? error : new AppError('INTERNAL', { cause: error });

/** The caller gave up waiting: what became of its call is unknown. */
export const isTimeout = (error: unknown): boolean => error instanceof TimeoutError;

/** Nobody handles the subject: nothing was done. */
export const isNobodyThere = (error: unknown): boolean =>
  error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders());

const isUnreachable = (error: unknown): boolean =>
  isNobodyThere(error) || error instanceof BusDownError || error instanceof CircuitOpenError;

// It was sent, and then time or the connection ran out.
const isUnanswered = (error: unknown): boolean => isTimeout(error) || error instanceof RequestError;
