import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Principal } from '@souk/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { endpointOf } from './endpoint.decorator.ts';
import { announceLimit, rateLimited } from './rate-limit.headers.ts';
import { RateLimiter } from './rate-limiter.ts';
import { type InlineLimit, inlineLimits } from './rate-limits.ts';

/** Asks the limits of an endpoint's own. Runs after `JwtAuthGuard`: some of them are a user's. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limiter: RateLimiter) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const limits = inlineLimits.get(endpointOf(context));
    return limits === undefined || this.#isWithin(limits, context);
  }

  async #isWithin(limits: readonly InlineLimit[], context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    for (const limit of limits) {
      const verdict = await this.limiter.takeInline(limit, subjectOf(limit, request));
      announceLimit(reply, { policy: limit.name, window: limit.seconds, ...verdict });
      if (!verdict.allowed) throw rateLimited(verdict);
    }
    return true;
  }
}

function subjectOf({ per }: InlineLimit, request: FastifyRequest & { user?: Principal }): string {
  switch (per) {
    case 'address':
      return request.ip;
    case 'user':
      return request.user?.userId ?? request.ip;
    case 'account':
      return accountOf(request.body) ?? request.ip;
  }
}

// Runs before validation, so that a wrong guess counts whatever else is wrong with it.
function accountOf(body: unknown): string | undefined {
  const email = typeof body === 'object' && body !== null && 'email' in body ? body.email : undefined;
  return typeof email === 'string' ? email.trim().toLowerCase().slice(0, 254) : undefined;
}
