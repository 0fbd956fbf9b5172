import type { NatsConnection } from '@nats-io/nats-core';
import { type ServiceStats, Svcm } from '@nats-io/services';
import { EndpointData, type LatencyCounts, noLatencies } from '@souk/contracts';
import { isNobodyThere } from './rpc.errors.ts';

/** How long replicas may take to answer, in milliseconds. */
const LISTEN_MS = 500;

/** What a replica of a service has done since it started. */
export interface ReplicaStats {
  /** The id of `$SRV.INFO`. */
  id: string;
  started: string;
  calls: number;
  errors: number;
  latencies: LatencyCounts;
}

/** Asks every replica of a service; one that does not answer is not among them. */
export async function replicaStats(nats: NatsConnection, service: string): Promise<ReplicaStats[]> {
  const replicas: ReplicaStats[] = [];
  for (const { id, started, endpoints = [] } of await statsOf(nats, service)) {
    const sum = (of: 'num_requests' | 'num_errors') => endpoints.reduce((total, each) => total + each[of], 0);
    const counts = endpoints.map(({ data }) => EndpointData.parse(data).latencies);
    const latencies = noLatencies().map((_, index) => counts.reduce((total, each) => total + (each[index] ?? 0), 0));
    replicas.push({ id, started, calls: sum('num_requests'), errors: sum('num_errors'), latencies });
  }
  return replicas.toSorted((a, b) => a.started.localeCompare(b.started));
}

async function statsOf(nats: NatsConnection, service: string): Promise<ServiceStats[]> {
  try {
    return await Array.fromAsync(await new Svcm(nats).client({ strategy: 'stall', maxWait: LISTEN_MS }).stats(service));
  } catch (error) {
    if (isNobodyThere(error)) return [];
    throw error;
  }
}
