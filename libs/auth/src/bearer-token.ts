/** The part of an HTTP request a token is read from; both Fastify's and Nest's request have it. */
export interface BearerRequest {
  headers: { authorization?: string | undefined };
  raw: { rawHeaders: string[] };
}

// Stricter than passport-jwt's own extractor, which takes the first two words of anything.
const BEARER = /^Bearer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+) *$/i;
/** Characters; ours have some 500, and nothing longer is worth the work. */
const LONGEST = 4_096;

/** The token of `Authorization: Bearer …` (RFC 6750 §2.1), or null; the query string and cookies are never asked. */
export function bearerToken({ headers, raw }: BearerRequest): string | null {
  // Node keeps the first of two such headers, a proxy may have looked at the other.
  if (countOf('authorization', raw.rawHeaders) > 1) return null;
  const header = headers.authorization ?? '';
  return (header.length <= LONGEST && BEARER.exec(header)?.[1]) || null;
}

// Raw headers are names and values by turns.
const countOf = (name: string, rawHeaders: string[]): number =>
  rawHeaders.filter((entry, i) => i % 2 === 0 && entry.toLowerCase() === name).length;
