export { announcedCommand, type CacheFact } from './cache-channel.ts';
export { type CacheEntry, etagOf } from './cache-entry.ts';
export * from './cached.decorator.ts';
export { cacheAnswer } from './http-cache-headers.ts';
export * from './http-cache.interceptor.ts';
export { connectRedis, REDIS_URL } from './redis-url.ts';
export * from './tiered-cache.ts';
