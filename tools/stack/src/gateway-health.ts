import { origin } from './app-plans.ts';
import type { Health } from './gateway-rota.ts';
import type { Address } from './nginx.ts';

// A gateway that is ready says so within the half second it gives its own probes.
const TRY_MS = 700;

/** What a gateway says of itself. Never throws. */
export async function gatewayHealth(gateway: Address): Promise<Health> {
  try {
    const answer = await fetch(`${origin(gateway)}/health/ready`, { signal: AbortSignal.timeout(TRY_MS) });
    await answer.body?.cancel();
    return answer.status === 200 ? 'ready' : 'not-ready';
  } catch (error) {
    return error instanceof DOMException && error.name === 'TimeoutError' ? 'not-ready' : 'gone';
  }
}
