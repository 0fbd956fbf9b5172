type Fetch = (request: Request) => Promise<Response>;

/** Requests that are made at most for one that is asked for. */
const TRIES = 3;
/** Milliseconds before the next try where the answer names no time, and the longest that is waited. */
const PAUSE_MS = 200;
const LONGEST_MS = 2_000;

/** Nothing was done, or nobody knows: the same question may be asked again. */
const UNSETTLED = new Set([503, 504]);

/**
 * Asks again where no answer came, or one that settles nothing, but only what does no harm twice: reads, and writes with an
 * idempotency key, which the shop does once and answers the same again (docs/errors.md).
 */
export const repeating =
  (fetch: Fetch): Fetch =>
  async (request) => {
    for (let left = mayRepeat(request) ? TRIES - 1 : 0; left > 0; left -= 1) {
      const pauseMs = await tryOnce(fetch, request.clone());
      if (pauseMs instanceof Response) return pauseMs;
      request.signal.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    return fetch(request);
  };

const mayRepeat = ({ method, headers }: Request): boolean =>
  method === 'GET' || method === 'HEAD' || headers.has('idempotency-key');

/** The answer, or how many milliseconds later to ask again. */
async function tryOnce(fetch: Fetch, request: Request): Promise<Response | number> {
  try {
    const response = await fetch(request);
    return UNSETTLED.has(response.status) ? pauseOf(response) : response;
  } catch {
    return PAUSE_MS;
  }
}

function pauseOf({ headers }: Response): number {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(seconds * 1_000, LONGEST_MS) : PAUSE_MS;
}
