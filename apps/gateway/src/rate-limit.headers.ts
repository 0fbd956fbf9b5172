import { AppError } from '@souk/contracts';
import type { FastifyReply } from 'fastify';
import type { Verdict } from './token-bucket.ts';

export interface AnnouncedVerdict extends Verdict {
  policy: string;
  /** Seconds. */
  window: number;
}

/** Tells the client how it stands with one more limit (draft-ietf-httpapi-ratelimit-headers). */
export function announceLimit(
  reply: FastifyReply,
  { policy, window, limit, remaining, resetSeconds }: AnnouncedVerdict,
): void {
  append(reply, 'ratelimit-policy', `"${policy}";q=${limit};w=${window}`);
  append(reply, 'ratelimit', `"${policy}";r=${remaining};t=${resetSeconds}`);
}

export function rateLimited({ resetSeconds }: Verdict): AppError {
  const message = `Too many requests. Try again in ${resetSeconds} s.`;
  return new AppError('RATE_LIMITED', { message, retryAfter: resetSeconds });
}

function append(reply: FastifyReply, name: string, member: string): void {
  const before = reply.getHeader(name);
  reply.header(name, before === undefined ? member : `${before},${member}`);
}
