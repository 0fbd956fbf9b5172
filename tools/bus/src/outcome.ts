import { ServiceErrorCodeHeader } from '@nats-io/services';
import { headers, type Msg, RequestError, TimeoutError } from '@nats-io/nats-core';
import { callHeaderNames, type Contract, ErrorBody, errorTable } from '@souk/contracts';
import { isNobodyThere } from './nobody-there.ts';

/** How a call ended; `reply` is what came, `status` the HTTP status its outcome stands for. */
export interface Outcome {
  /** `ok`, an error code, or what no service said: `NOBODY_THERE`, `NO_ANSWER`. */
  outcome: string;
  reply: unknown;
  milliseconds: number;
  /** What to do about it; empty where it is plain. */
  advice: string;
}

export function callHeaders(requestId: string) {
  const result = headers();
  result.set(callHeaderNames.requestId, requestId);
  return result;
}

export function outcomeOf({ subject, output }: Contract, message: Msg, milliseconds: number): Outcome {
  const reply: unknown = message.data.length > 0 ? message.json() : undefined;
  if (message.headers?.has(ServiceErrorCodeHeader)) {
    const body = ErrorBody.safeParse(reply);
    const outcome = body.data?.code ?? 'BAD_REPLY';
    return {
      outcome,
      reply,
      milliseconds,
      advice: body.data ? `${errorTable[body.data.code].status}: ${body.data.message}` : '',
    };
  }
  const parsed = output.safeParse(reply);
  const advice = parsed.success ? '' : `The reply is not what ${subject} promises: ${parsed.error.message}`;
  return { outcome: parsed.success ? 'ok' : 'BAD_REPLY', reply, milliseconds, advice };
}

export function failureOf({ subject, service, timeoutMs }: Contract, error: unknown, milliseconds: number): Outcome {
  const none = { reply: undefined, milliseconds };
  const cause = error instanceof RequestError && error.cause ? error.cause : error;
  if (isNobodyThere(error)) {
    return {
      ...none,
      outcome: 'NOBODY_THERE',
      advice: `Nobody handles ${subject}: no replica of ${service} is on the bus. See \`npm run bus -- ls\`.`,
    };
  }
  if (cause instanceof TimeoutError) {
    return {
      ...none,
      outcome: 'NO_ANSWER',
      advice: `No answer within ${timeoutMs} ms: ${service} is frozen, overloaded or cut off. See \`npm run bus -- stats ${service}\`.`,
    };
  }
  throw error;
}
