import { onAnsweredRequest } from '../answered-request.ts';
import { childrenOf, histogram } from './metric.ts';

/** What was asked over HTTP, by route: what is no route of ours is `other`. */
export function httpMetrics(): void {
  const requests = histogram('souk_http_request_seconds', 'Requests over HTTP', ['method', 'route', 'status']);
  const of = childrenOf((method: string, route: string, status: number) =>
    requests.labels({ method, route, status: String(status) }),
  );
  onAnsweredRequest(({ method, route, status, seconds }) => of(method, route, status).observe(seconds));
}
