import type { Endpoint, NamedEndpointStats } from '@nats-io/services';
import { countLatency, type EndpointData, noLatencies } from '@souk/contracts';

type Counts = Pick<
  NamedEndpointStats,
  'num_requests' | 'num_errors' | 'processing_time' | 'average_processing_time'
> & {
  last_error?: string;
  data: EndpointData;
};

const NANOS = 1_000_000_000;

/**
 * What `nats micro stats` shows. The framework times only the synchronous part of a handler and never sees it fail;
 * ours are asynchronous, so these figures are laid over its own each time somebody asks. `data.latencies` holds
 * `LatencyCounts`, from which `npm run bus -- stats` takes its percentiles.
 */
export class EndpointStats {
  readonly #counts = new Map<string, Counts>();

  record(subject: string, seconds: number, outcome: string): void {
    const counts = this.#counts.get(subject) ?? nothing();
    counts.num_requests += 1;
    countLatency(counts.data.latencies, seconds);
    counts.processing_time += Math.round(seconds * NANOS);
    counts.average_processing_time = Math.round(counts.processing_time / counts.num_requests);
    if (outcome !== 'ok') {
      counts.num_errors += 1;
      counts.last_error = outcome;
    }
    this.#counts.set(subject, counts);
  }

  async fill(endpoint: Endpoint): Promise<Counts['data']> {
    const { stats } = endpoint as Endpoint & { stats?: NamedEndpointStats };
    const { data, ...counts } = this.#counts.get(endpoint.subject) ?? nothing();
    if (stats) Object.assign(stats, counts);
    return data;
  }
}

const nothing = (): Counts => ({
  num_requests: 0,
  num_errors: 0,
  processing_time: 0,
  average_processing_time: 0,
  data: { latencies: noLatencies() },
});
