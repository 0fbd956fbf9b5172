import { setTimeout as pause } from 'node:timers/promises';
import { Agent } from 'undici';
import { z } from 'zod';
import type { Call, Subject } from '../history/call.ts';
import type { History } from '../history/history.ts';
import { outcomeOf, outcomeOfError } from '../history/outcome.ts';

/** A client's own patience; the API promises an answer within 3.5 s. */
export const PATIENCE_MS = 5_000;

const Problem = z.object({ code: z.string() });

export type Request = {
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  token?: string | undefined;
  key?: string | undefined;
  body?: unknown;
};

type Answer = Pick<Call, 'outcome' | 'status' | 'code' | 'body' | 'replayed'>;

/** Asks the API and writes down what came of it. */
export class Http {
  readonly #agent = new Agent({ connections: 256, pipelining: 1 });
  readonly #origin: string;
  readonly #history: History;

  constructor(origin: string, history: History) {
    this.#origin = origin;
    this.#history = history;
  }

  /** Never throws. */
  async call(client: string, subject: Subject, request: Request): Promise<Call> {
    const start = now();
    const answer = await this.#ask(request).catch(noAnswer);
    const call = { client, ...subject, ...answer, start, end: now() };
    this.#history.add(call);
    return call;
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #ask(request: Request): Promise<Answer> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await this.#agent.request({ origin: this.#origin, ...messageOf(request), signal });
    const { statusCode: status, headers } = response;
    const text = await response.body.text();
    const outcome = outcomeOf(status);
    if (outcome !== 'ok') return { outcome, status, code: codeIn(text) };
    return { outcome, status, body: text, replayed: headers['idempotent-replayed'] === 'true' };
  }
}

/** What goes over the wire for it. */
export const messageOf = ({ method, path, token, key, body }: Request) => ({
  path,
  method,
  headers: {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(key !== undefined && { 'idempotency-key': key }),
  },
  ...(body !== undefined && { body: JSON.stringify(body) }),
});

/** Milliseconds since the epoch, with fractions, on a clock that does not jump. */
export const now = (): number => performance.timeOrigin + performance.now();

/** Asks until `isKnown` or the time is up; answers the last call. */
export async function askUntil(
  ask: () => Promise<Call>,
  isKnown: (call: Call) => boolean,
  timeoutMs: number,
): Promise<Call> {
  const end = now() + timeoutMs;
  for (;;) {
    const call = await ask();
    if (isKnown(call) || now() >= end) return call;
    await pause(200);
  }
}

function codeIn(text: string): string | undefined {
  try {
    return Problem.safeParse(JSON.parse(text)).data?.code;
  } catch {
    return undefined;
  }
}

function noAnswer(error: unknown): Answer {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return { outcome: outcomeOfError(code), status: 0, code };
}
