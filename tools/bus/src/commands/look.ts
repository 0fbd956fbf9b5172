import {
  EndpointData,
  latenciesSince,
  type LatencyCounts,
  latencyQuantile,
  noLatencies,
  services,
} from '@souk/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import type { Replica } from '../bus.ts';
import { columns, ms, short, since } from '../text.ts';
import type { Command } from './command.ts';

const WATCH_MS = 1_000;
const NOBODY = 'Nobody answers on this bus: is the stack running?';

/** Services, replicas, versions, uptimes. */
export const ls: Command = async ({ bus, options: { json, operands }, print, say }) => {
  const replicas = await bus.replicas(operands[0]);
  const rows = replicas.map(({ name, id, version, started, endpoints }) => ({
    service: name,
    replica: id,
    version,
    started,
    endpoints: endpoints.length,
  }));
  if (json) print(JSON.stringify(rows));
  else if (rows.length > 0) {
    const cells = rows.map(({ service, replica, version, started, endpoints }) => [
      service,
      replica,
      version,
      since(started, Date.now()),
      endpoints,
    ]);
    print(columns(['service', 'replica', 'version', 'up', 'endpoints'], cells));
  }
  if (rows.length === 0) say(NOBODY);
  return rows.length === 0 ? 1 : 0;
};

/** A round trip to every replica. Services without one are named. */
export const ping: Command = async ({ bus, options: { json, operands }, print, say }) => {
  const heard = await bus.ping(operands[0]);
  if (json) print(JSON.stringify(heard));
  else if (heard.length > 0)
    print(
      columns(
        ['service', 'replica', 'round trip'],
        heard.map(({ name, id, milliseconds }) => [name, id, ms(milliseconds)]),
      ),
    );
  const silent = (operands[0] === undefined ? services : [operands[0]]).filter(
    (service) => !heard.some(({ name }) => name === service),
  );
  for (const service of silent) say(`${service} does not answer: no replica is on the bus`);
  return silent.length > 0 ? 1 : 0;
};

/** What an endpoint of a replica did. */
interface Done {
  service: string;
  replica: string;
  endpoint: string;
  calls: number;
  errors: number;
  lastError: string;
}

interface Row extends Done {
  /** A second; where there was an earlier look. */
  rate: number | undefined;
  p50: number | undefined;
  p99: number | undefined;
}

/** What every endpoint of every replica has done: since it started, or with `--watch` since the last look. */
export const stats: Command = async ({ bus, options: { json, operands, watch }, print, say, signal }) => {
  let before = new Map<string, Seen>();
  for (;;) {
    const seen = seenOf(await bus.replicas(operands[0]));
    const rows = [...seen.values()].map((each) => rowOf(each, before.get(each.key)));
    if (seen.size === 0) say(NOBODY);
    if (json) print(JSON.stringify(rows));
    else if (!watch || before.size > 0) print(table(rows, watch));
    if (!watch || signal.aborted) return seen.size === 0 ? 1 : 0;
    before = seen;
    await pause(WATCH_MS, undefined, { signal }).catch(() => undefined);
  }
};

/** The same since its start, at one look. */
interface Seen extends Done {
  key: string;
  at: number;
  latencies: LatencyCounts;
}

function seenOf(replicas: readonly Replica[]): Map<string, Seen> {
  const at = performance.now();
  const all = replicas.flatMap(({ name: service, id: replica, stats: endpoints }) =>
    endpoints.map(({ name: endpoint, num_requests: calls, num_errors: errors, last_error: lastError = '', data }) => {
      const key = `${replica} ${endpoint}`;
      return { key, at, service, replica, endpoint, calls, errors, lastError, ...EndpointData.parse(data) };
    }),
  );
  return new Map(all.map((each) => [each.key, each]));
}

function rowOf(now: Seen, before: Seen | undefined): Row {
  const { service, replica, endpoint, lastError } = now;
  const latencies = latenciesSince(before?.latencies ?? noLatencies(), now.latencies);
  const calls = now.calls - (before?.calls ?? 0);
  return {
    service,
    replica,
    endpoint,
    calls,
    errors: now.errors - (before?.errors ?? 0),
    lastError,
    rate: before && (calls * 1_000) / (now.at - before.at),
    p50: latencyQuantile(latencies, 0.5),
    p99: latencyQuantile(latencies, 0.99),
  };
}

const time = (seconds: number | undefined): string => (seconds === undefined ? '' : ms(seconds * 1_000));

function table(rows: readonly Row[], watch: boolean): string {
  const head = ['service', 'replica', 'endpoint', watch ? 'calls/s' : 'calls', 'errors', 'p50', 'p99', 'last error'];
  const cells = rows.map(({ service, replica, endpoint, calls, errors, rate, p50, p99, lastError }) => [
    service,
    short(replica),
    endpoint,
    watch ? Math.round(rate ?? 0) : calls,
    errors,
    time(p50),
    time(p99),
    lastError,
  ]);
  return `${columns(head, cells)}${watch ? '\n' : ''}`;
}
