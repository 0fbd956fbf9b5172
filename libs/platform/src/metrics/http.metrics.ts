import { onAnsweredRequest } from '../answered-request.ts';
import { TalliedHistogram } from './tally.ts';

/** What was asked over HTTP, by route: what is no route of ours is `other`. */
export function httpMetrics(): void {
  const labels = ['method', 'route', 'status'] as const;
  const requests = new TalliedHistogram('souk_http_request_seconds', 'Requests over HTTP', labels);
  onAnsweredRequest(({ method, route, status, seconds }) => requests.record({ method, route, status }, seconds));
}
