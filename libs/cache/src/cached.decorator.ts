import { SetMetadata } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import type { Tiers } from './tiered-cache.ts';

/** What the cache needs of a request; Fastify's has it. */
export interface CacheableRequest {
  method: string;
  headers: IncomingHttpHeaders;
}

// Methods, not properties: a route states its own request and result, and the metadata holds routes of every kind.
export interface CachedRoute<Request extends CacheableRequest = CacheableRequest, Result = unknown> {
  /**
   * Everything that the answer depends on. It runs before the route's pipes, so it has to validate and normalize what
   * it uses itself; `undefined` sends the request on without the cache (a bad query, for its 400).
   */
  key(request: Request): string | undefined;
  /** What the result shows. An invalidation of any of these makes it old. */
  tags(result: Result): string[];
  /** Milliseconds; default the cache's TTL. */
  ttlMs?: number;
  /** Default `both`. */
  tiers?(request: Request): Tiers;
  /** One user's answer: for that user's client only, which asks again each time. Default false. */
  private?: boolean;
}

export const cachedRoute = 'souk:cached-route';

/** The answers of this GET route are cached (`HttpCacheInterceptor`). `tags` takes what the route's method returns. */
export const Cached =
  <Request extends CacheableRequest, Result>(route: CachedRoute<Request, Result>) =>
  <Method extends (...args: never[]) => Result | Promise<Result>>(
    target: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    SetMetadata(cachedRoute, route)(target, name, descriptor);
  };
