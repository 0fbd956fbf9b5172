import { z } from 'zod';
import { type AppError, type ErrorBody, errorTable, FieldError } from './errors.ts';

/** An error as the API answers it (RFC 9457, `application/problem+json`). */
export const Problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(FieldError).optional(),
    retryAfter: z.number().optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

export function toProblem(error: AppError | ErrorBody, requestId: string): Problem {
  const { status, title } = errorTable[error.code];
  return {
    ...error.details,
    type: `urn:souk:error:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    requestId,
    ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
  };
}
