import { AppError, errorTable, type Priority, priorityShares, toProblem } from '@souk/contracts';
import { currentContext, remainingMs, runInContext } from '@souk/platform';
import { Admission, type Refusal } from '@souk/resilience';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { byteString } from './encoded-once.ts';
import { endNow } from './end-now.ts';
import { isCached } from './requested-endpoint.ts';
import { Turnstile } from './turnstile.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a read that a cache may answer: it asks for a place when it is not there. */
    cacheableReply: FastifyReply | undefined;
  }
}

/** Seconds after which a refused client may come again. */
const RETRY_AFTER = 1;

/** What may be in flight at once in this gateway. */
export type Gate = Admission<Priority>;
/** Injects the `Gate`. */
export const GATE = Symbol('GATE');

/**
 * Logins wait for a hash, and would wait for it at all the places that reads need: those in excess wait for a place instead. Eight
 * of 32 keep the hashing threads of two replicas of the user service at work.
 */
const LOGINS_ALONE = 0.25;

/**
 * Many read what nobody has in a cache, each of them another page, when the store has stood still for a second. Waiting they
 * cost nobody a place, and one that is refused may be a page that a hundred wait for.
 */
const READS_IN_A_BURST = 24;

export const gateOf = (limit: number): Gate =>
  new Admission({
    name: 'gateway',
    limit,
    shares: priorityShares,
    alone: { login: LOGINS_ALONE },
    bursts: { catalogue: READS_IN_A_BURST },
  });

/** Milliseconds from one login to the next, of which it takes the gateway 1 to 2: a read that comes with a hundred finds it free. */
const LOGIN_PAUSE_MS = 2;
/** Whoever comes after them would be a second late, and be told so anyway. */
const LOGINS_WAITING = 500;

/**
 * Refuses what is too much before anything is done for it: no body is read, no token checked. A place is given once the body
 * is there, so that clients who send theirs slowly, or never, keep nobody out. Reads that a cache may answer are let through
 * here; they ask for a place when they are not in it (`admitMiss`).
 */
export function addAdmission(fastify: FastifyInstance, gate: Gate): void {
  const logins = new Turnstile(LOGIN_PAUSE_MS, LOGINS_WAITING);
  fastify.decorateRequest('cacheableReply', undefined);
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.endpoint && isCached(request.endpoint)) request.cacheableReply = reply;
    const priority = priorityOf(request);
    if (priority && gate.refuses(priority)) refuse(reply, 'overloaded', request.id);
    else if (priority !== 'login') done();
    else if (!logins.enter(done)) refuse(reply, 'overloaded', request.id);
  });
  fastify.addHook('preValidation', (request, reply, done) => {
    const priority = priorityOf(request);
    if (!priority) return done();
    const context = currentContext();
    enter(gate, priority, reply, (refusal) => {
      if (refusal) refuse(reply, refusal, request.id);
      // A place may be given from within another request, whose context this one must not take over.
      else if (context) runInContext(context, done);
      else done();
    });
  });
}

/** Asks for a place for a read that was not in the cache; rejects with `OVERLOADED` or `DEADLINE_EXCEEDED`. */
export async function admitMiss(gate: Gate, request: FastifyRequest): Promise<void> {
  const reply = request.cacheableReply;
  if (!reply) return;
  const refusal = await new Promise<Refusal | undefined>((resolve) => enter(gate, 'catalogue', reply, resolve));
  if (refusal) throw new AppError(codeOf[refusal], { retryAfter: RETRY_AFTER });
}

/** What a request gives way to; undefined for one that needs no place, or not yet. */
function priorityOf(request: FastifyRequest): Priority | undefined {
  const priority = request.endpoint?.priority ?? 'always';
  return priority === 'always' || request.cacheableReply ? undefined : priority;
}

function enter(gate: Gate, priority: Priority, reply: FastifyReply, answer: (refusal?: Refusal) => void): void {
  gate.enter(priority, remainingMs(), (refusal) => {
    if (!refusal) {
      // Whoever has gone meanwhile gives the place back at once.
      if (reply.raw.destroyed) return gate.leave(priority);
      reply.raw.once('close', () => gate.leave(priority));
    }
    answer(refusal);
  });
}

const codeOf = { overloaded: 'OVERLOADED', expired: 'DEADLINE_EXCEEDED' } as const satisfies Record<Refusal, string>;

// Thousands of these a second must not cost more than the work they turn away, so the document is made once.
const REQUEST_ID = '<requestId>';
const documentOf = (code: 'OVERLOADED' | 'DEADLINE_EXCEEDED') =>
  JSON.stringify(toProblem(new AppError(code, { retryAfter: RETRY_AFTER }), REQUEST_ID)).split(REQUEST_ID);
const documents = { overloaded: documentOf('OVERLOADED'), expired: documentOf('DEADLINE_EXCEEDED') };

function refuse(reply: FastifyReply, refusal: Refusal, requestId: string): void {
  const own = {
    'retry-after': String(RETRY_AFTER),
    'cache-control': 'no-store',
    'content-type': 'application/problem+json',
  };
  endNow(reply, errorTable[codeOf[refusal]].status, own, byteString(documents[refusal].join(requestId)));
}
