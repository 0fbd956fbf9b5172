import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AppError, type Endpoint, healthEndpoints } from '@souk/contracts';
import { cachedRoute } from '@souk/cache';
import type { Principal } from '@souk/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { endpointOf } from './endpoint.decorator.ts';
import { RateLimiter } from './rate-limiter.ts';
import { generalLimit, type InlineLimit, inlineLimits } from './rate-limits.ts';
import type { Verdict } from './token-bucket.ts';

const uncounted = new Set<Endpoint>(Object.values(healthEndpoints));

/** Asks the limits of an endpoint, and tells the client how it stands (draft-ietf-httpapi-ratelimit-headers). */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limiter: RateLimiter) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const endpoint = endpointOf(context);
    // A cached read counts only when it misses, so the cache asks for it; and its answer carries no client's headers.
    if (uncounted.has(endpoint) || Reflect.hasMetadata(cachedRoute, context.getHandler())) return true;
    const http = context.switchToHttp();
    await this.#ask(endpoint, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
    return true;
  }

  /** The general limit alone, for a read that was not in the cache. */
  admit(request: FastifyRequest): void {
    refuseUnless(this.limiter.takeGeneral(request.ip));
  }

  async #ask(endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const general = { policy: 'general', window: generalLimit.burst / generalLimit.perSecond };
    const asked = [{ ...general, ...this.limiter.takeGeneral(request.ip) }];
    for (const limit of inlineLimits.get(endpoint) ?? []) {
      if (!asked.every(({ allowed }) => allowed)) break;
      const verdict = await this.limiter.takeInline(limit, subjectOf(limit, request));
      asked.push({ policy: limit.name, window: limit.seconds, ...verdict });
    }
    reply.header(
      'ratelimit-policy',
      asked.map(({ policy, limit, window }) => `"${policy}";q=${limit};w=${window}`).join(),
    );
    reply.header(
      'ratelimit',
      asked.map(({ policy, remaining, resetSeconds: t }) => `"${policy}";r=${remaining};t=${t}`).join(),
    );
    for (const verdict of asked) refuseUnless(verdict);
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

function refuseUnless({ allowed, resetSeconds }: Verdict): void {
  if (allowed) return;
  const message = `Too many requests. Try again in ${resetSeconds} s.`;
  throw new AppError('RATE_LIMITED', { message, retryAfter: resetSeconds });
}
