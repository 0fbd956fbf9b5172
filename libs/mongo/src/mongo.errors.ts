import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { AppError } from '@souk/contracts';
import { mongo, Error as MongooseError } from 'mongoose';
import { catchError, type Observable, throwError } from 'rxjs';

const DUPLICATE_KEY = 11_000;

/** A unique index refused a document. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;

/**
 * An unordered bulk insert that met nothing but documents that were there. Inserts that are not on most members yet may
 * still be undone: that is no success either.
 */
export const isOnlyDuplicateKeys = (error: unknown): error is mongo.MongoBulkWriteError =>
  error instanceof mongo.MongoBulkWriteError &&
  !error.result.getWriteConcernError() &&
  [error.writeErrors].flat().every(({ code }) => code === DUPLICATE_KEY);

// The driver hands on as it is what a socket says that was closed by the other side while it is written to.
const isSocketError = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

// What was asked may have been done, or may still be.
const isUnanswered = (error: unknown): boolean =>
  isSocketError(error) ||
  error instanceof MongooseError.MongooseServerSelectionError ||
  error instanceof mongo.MongoWriteConcernError ||
  (error instanceof mongo.MongoError &&
    (!(error instanceof mongo.MongoServerError) || error.hasErrorLabel('RetryableWriteError')));

/** What a driver's failure means to a caller; anything else stays what it is and is masked by the bus. */
export const storeError = (error: unknown): unknown =>
  isUnanswered(error)
    ? new AppError('SERVICE_UNAVAILABLE', { message: 'The store does not answer.', retryAfter: 1, cause: error })
    : error;

/**
 * For the `catch` of a write that means something by itself: without an answer nobody knows whether it was done. Not even
 * where no server was found: the driver looks for one again after a first try whose answer was lost.
 */
export function unknownOutcome(cause: unknown): never {
  throw isUnanswered(cause) ? new AppError('DEADLINE_EXCEEDED', { cause }) : cause;
}

/** Turns what a driver threw into what a caller may read. */
@Injectable()
export class MongoErrorInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(catchError((error: unknown) => throwError(() => storeError(error))));
  }
}
