import { type Endpoint, healthEndpoints } from '@souk/contracts';
import type { HealthReport, HealthService } from '@souk/platform';
import type { EarlyLook } from './early-answers.ts';
import { encodedOnce } from './encoded-once.ts';

const endpoints = new Map<string | undefined, Endpoint>(
  [healthEndpoints.summary, healthEndpoints.ready].map((endpoint) => [endpoint.path, endpoint]),
);

/** Answers whoever asks for the health of a ready gateway with the report made for another a moment ago. */
export const healthPath =
  (health: Pick<HealthService, 'recent'>): EarlyLook =>
  ({ url }) => {
    const endpoint = endpoints.get(url);
    const report = endpoint && health.recent();
    if (!report) return undefined;
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    return { endpoint, status: 200, headers, body: bytesOf(report) };
  };

const bytesOf = encodedOnce((report: HealthReport) => JSON.stringify(report));
