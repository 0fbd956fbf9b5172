import { type CacheEntry, cacheAnswer, type TieredCache } from '@souk/cache';
import { remembered } from './catalogue.cache.ts';
import type { EarlyLook } from './early-answers.ts';
import { encodedOnce } from './encoded-once.ts';

/**
 * Answers catalogue reads that this process has in its cache before anything else is done for them: they are public, take no
 * place and count against no limit. What is new here, `HttpCacheInterceptor` answers alike.
 */
export const hitPath =
  (cache: TieredCache): EarlyLook =>
  ({ url = '', headers }) => {
    const known = remembered(url);
    const entry = known && cache.peekLocal(known.key);
    if (!entry) return undefined;
    const answer = cacheAnswer({ entry, outcome: 'hit', stored: true }, false, headers['if-none-match']);
    return { ...answer, endpoint: known.endpoint, body: answer.status === 200 ? bytesOf(entry) : undefined };
  };

const bytesOf = encodedOnce(({ body }: CacheEntry) => body);
