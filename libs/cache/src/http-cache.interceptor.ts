import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { Filled } from './cache-entry.ts';
import { type CacheableRequest, type CachedRoute, cachedRoute } from './cached.decorator.ts';
import { cacheAnswer } from './http-cache-headers.ts';
import type { CacheRead, TieredCache } from './tiered-cache.ts';

/** What the interceptor needs of a reply; Fastify's has it. */
interface Reply {
  headers(values: Record<string, string>): unknown;
  status(code: number): unknown;
}

const readMethods = new Set(['GET', 'HEAD']);

/**
 * Answers `@Cached()` routes from the cache, as strings, with `ETag`, `Age` and `Cache-Status`.
 *
 * `admit` is the rate limiter. It is asked before anything is forwarded, for each request by itself: what the cache
 * answers does not count against a limit, and the refusal of one client cannot reach the others that share a fill.
 */
export class HttpCacheInterceptor<Request extends CacheableRequest> implements NestInterceptor {
  constructor(
    private readonly cache: TieredCache,
    private readonly reflector: Reflector,
    private readonly admit: (request: Request) => Promise<void>,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const route = this.reflector.get<CachedRoute<Request> | undefined>(cachedRoute, context.getHandler());
    if (!route) return next.handle();
    const http = context.switchToHttp();
    return from(this.answer(route, http.getRequest<Request>(), http.getResponse<Reply>(), next));
  }

  private async answer(
    route: CachedRoute<Request>,
    request: Request,
    reply: Reply,
    next: CallHandler,
  ): Promise<unknown> {
    const key = readMethods.has(request.method) ? route.key(request) : undefined;
    if (key === undefined) {
      await this.admit(request);
      return lastValueFrom(next.handle());
    }
    return respond(await this.read(key, route, request, next), route.private ?? false, request, reply);
  }

  private async read(
    key: string,
    route: CachedRoute<Request>,
    request: Request,
    next: CallHandler,
  ): Promise<CacheRead> {
    const tiers = route.tiers?.(request);
    const entry = await this.cache.peek(key, tiers);
    if (entry) return { entry, outcome: 'hit', stored: true };
    await this.admit(request);
    return this.cache.read(key, { ttlMs: route.ttlMs, tiers }, () => fill(route, next));
  }
}

async function fill<Request extends CacheableRequest>(route: CachedRoute<Request>, next: CallHandler): Promise<Filled> {
  const result: unknown = await lastValueFrom(next.handle());
  return { body: JSON.stringify(result), tags: route.tags(result) };
}

function respond(read: CacheRead, isPrivate: boolean, request: CacheableRequest, reply: Reply): string | undefined {
  const { status, headers } = cacheAnswer(read, isPrivate, request.headers['if-none-match']);
  reply.headers(headers);
  if (status === 200) return read.entry.body;
  reply.status(status);
  return undefined;
}
