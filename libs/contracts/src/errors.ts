import { z } from 'zod';

/**
 * Every failure the system can name: the HTTP status it becomes and the sentence a caller reads when the thrower
 * gives no better one. `docs/errors.md` lists exactly these codes; a test compares the two.
 */
export const errorTable = {
  VALIDATION_FAILED: { status: 400, title: 'The request does not match the documented shape.' },
  MALFORMED_REQUEST: { status: 400, title: 'The request could not be parsed.' },
  INVALID_CURSOR: { status: 400, title: 'The cursor does not belong to this list.' },
  UNAUTHENTICATED: { status: 401, title: 'A valid access token is required.' },
  TOKEN_EXPIRED: { status: 401, title: 'The token has expired.' },
  INVALID_CREDENTIALS: { status: 401, title: 'E-mail or password is wrong.' },
  FORBIDDEN: { status: 403, title: 'This account may not do that.' },
  ROUTE_NOT_FOUND: { status: 404, title: 'There is nothing at this path.' },
  USER_NOT_FOUND: { status: 404, title: 'No such user.' },
  PRODUCT_NOT_FOUND: { status: 404, title: 'No such product.' },
  ORDER_NOT_FOUND: { status: 404, title: 'No such order.' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This path does not have that method.' },
  EMAIL_TAKEN: { status: 409, title: 'An account with this e-mail exists.' },
  OUT_OF_STOCK: { status: 409, title: 'Not enough stock.' },
  ORDER_IN_PROGRESS: { status: 409, title: 'Another try at this order is running.' },
  ORDER_STATE_CONFLICT: { status: 409, title: 'The order has gone too far, or not far enough, for that.' },
  PRECONDITION_FAILED: { status: 412, title: 'The resource has changed since it was read.' },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'The request is too large.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The request body must be application/json.' },
  IDEMPOTENCY_MISMATCH: { status: 422, title: 'This Idempotency-Key was used with another body.' },
  PRECONDITION_REQUIRED: { status: 428, title: 'Send If-Match with the ETag of the product to set its stock.' },
  RATE_LIMITED: { status: 429, title: 'Too many requests.' },
  INTERNAL: { status: 500, title: 'Something went wrong on our side.' },
  BAD_REPLY: { status: 502, title: 'A service answered with something unexpected.' },
  SERVICE_UNAVAILABLE: { status: 503, title: 'A service needed for this is not available right now.' },
  OVERLOADED: { status: 503, title: 'The system is busy.' },
  DEADLINE_EXCEEDED: { status: 504, title: 'The answer did not come in time; the outcome is unknown.' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorTable;

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorTable, code);

/** One refused field: `field` is its dotted path in the request (`items.0.quantity`). */
export const FieldError = z.object({ field: z.string(), message: z.string() });
export type FieldError = z.infer<typeof FieldError>;

/** The body of an error reply on the bus; `retryAfter` is in seconds. */
export const ErrorBody = z.object({
  code: z.string().refine(isErrorCode),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
  retryAfter: z.number().nonnegative().optional(),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

interface AppErrorOptions extends ErrorOptions {
  message?: string;
  details?: Record<string, unknown>;
  /** Seconds. */
  retryAfter?: number;
}

/** A failure that may be shown to the caller. Anything else that is thrown is masked as `INTERNAL` and logged. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Record<string, unknown> | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, { message = errorTable[code].title, details, retryAfter, cause }: AppErrorOptions = {}) {
    const { stackTraceLimit } = Error;
    // A refusal is an answer like others, and nobody reads its stack: to write it down was a sixth of what a refusal costs.
    if (errorTable[code].status < 500) Error.stackTraceLimit = 0;
    super(message, { cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.code = code;
    this.details = details;
    this.retryAfter = retryAfter;
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  toBody(): ErrorBody {
    const { code, message, details, retryAfter } = this;
    return { code, message, ...(details && { details }), ...(retryAfter !== undefined && { retryAfter }) };
  }
}

/** The refusal that names each field a schema did not accept. */
export function validationFailed(errors: FieldError[]): AppError {
  const first = errors[0];
  const message = first && `${first.field || 'request'}: ${first.message}`;
  return new AppError('VALIDATION_FAILED', { ...(message && { message }), details: { errors } });
}

/** Parses `value` or throws `VALIDATION_FAILED` naming every refused field. */
export function parseOrRefuse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw validationFailed(result.error.issues.flatMap(fieldErrors));
}

// An unknown field is reported by Zod at its parent; the caller wants the name of the field itself.
function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const { path, message } = issue;
  if (issue.code !== 'unrecognized_keys') return [{ field: path.join('.'), message }];
  return issue.keys.map((key) => ({ field: [...path, key].join('.'), message: 'Unknown field.' }));
}
