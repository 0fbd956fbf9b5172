import { type CacheEntry, cacheAnswer, type TieredCache } from '@souk/cache';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { rememberedKey } from './catalogue.cache.ts';
import { encodedOnce } from './encoded-once.ts';
import { endNow, isPlainGet } from './end-now.ts';

/**
 * Answers catalogue reads that this process has in its cache before anything else is done for them: they are public, take no
 * place and count against no limit. Whatever is new here, or not a plain GET, goes the way of all requests, which
 * `HttpCacheInterceptor` answers alike.
 */
export function addHitPath(fastify: FastifyInstance, cache: TieredCache): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const entry = entryFor(request, cache);
    if (!entry) return done();
    const { status, headers } = cacheAnswer(
      { entry, outcome: 'hit', stored: true },
      false,
      request.headers['if-none-match'],
    );
    endNow(reply, status, headers, status === 200 ? bytesOf(entry) : undefined);
  });
}

function entryFor(request: FastifyRequest, cache: TieredCache): CacheEntry | undefined {
  const key = isPlainGet(request) ? rememberedKey(request.url) : undefined;
  return key === undefined ? undefined : cache.peekLocal(key);
}

const bytesOf = encodedOnce(({ body }: CacheEntry) => body);
