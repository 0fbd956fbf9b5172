import { onAnsweredRequest } from '../answered-request.ts';
import { childrenOf } from './metric.ts';
import { TalliedHistogram } from './tally.ts';

/** What was asked over HTTP, by route: what is no route of ours is `other`. */
export function httpMetrics(): void {
  const labels = ['method', 'route', 'status'] as const;
  const requests = new TalliedHistogram('souk_http_request_seconds', 'Requests over HTTP', labels);
  const of = childrenOf((method: string, route: string, status: number) =>
    requests.tally({ method, route, status: String(status) }),
  );
  onAnsweredRequest(({ method, route, status, seconds }) => of(method, route, status)(seconds));
}
