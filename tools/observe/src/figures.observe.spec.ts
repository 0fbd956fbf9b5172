import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { alerts, dashboards, metricsOf, records } from './project.ts';
import { ask, metricNames } from './prometheus.ts';
import { RecordedExporters } from './recorded.ts';
import { shoppers } from './shoppers.ts';

const LOAD_SECONDS = 20;

/** Of exporters that only a cluster or docker-compose.yml has: what the panels of these show is what one has said once. */
const RECORDED = /^Souk \/ (Containers|Servers: (NATS|MongoDB)): /;

let recorded: RecordedExporters;
beforeAll(async () => {
  recorded = await RecordedExporters.start();
  await shoppers(LOAD_SECONDS);
  // The last of it is scraped within two seconds.
  await vi.waitUntil(async () => (await ask('up{job="souk"} == 1')).length === 4, 10_000);
});
afterAll(() => recorded[Symbol.asyncDispose]());

const panels = dashboards().flatMap(({ title, panels: all }) =>
  all.flatMap((panel) => panel.targets.map(({ expr }) => ({ panel: `${title}: ${panel.title}`, expr }))),
);

describe('after twenty seconds of shoppers', () => {
  it.each(panels)('$panel shows something: $expr', async ({ panel, expr }) => {
    const values = await ask(expr);
    expect(values).not.toEqual([]);
    // A rate that is zero everywhere may be one of something that is counted nowhere. Breakers and 5xx are to be zero.
    const mayBeZero =
      RECORDED.test(panel) ||
      /souk_breaker_open|souk_waiting|souk_in_flight|status=~"5|souk_mongo_checkout|outcome!="ok"/.test(expr);
    expect(Math.max(...values.map(({ value }) => value))).toBeGreaterThanOrEqual(mayBeZero ? 0 : Number.MIN_VALUE);
  });

  it('the exporters of Nginx and Redis answer, and those of other servers that are installed', async () => {
    const answers = await ask('up{job!="souk"}');
    expect(answers.map(({ metric }) => metric['job'])).toEqual(expect.arrayContaining(['nginx', 'redis']));
    expect(answers.filter(({ value }) => value !== 1)).toEqual([]);
  });

  it('Redis has done what was asked of it, for the caches and for the limits', async () => {
    const count = 'sum by (purpose) (souk_redis_command_seconds_count';
    const shares = await ask(`${count}{outcome="ok"}) / ${count})`);
    expect(shares.map(({ metric }) => metric['purpose']).toSorted()).toEqual(['cache', 'limits']);
    // The first commands come before there is a connection.
    for (const { value } of shares) expect(value).toBeGreaterThan(0.95);
  });

  it('every metric that an alert reads is there', async () => {
    const names = await metricNames();
    for (const { alert, expr } of alerts()) {
      for (const metric of metricsOf(expr)) {
        for (const name of [metric, ...metricsOf(records().get(metric) ?? '')])
          expect(names, `${alert}: ${name}`).toContain(name);
      }
    }
  });

  it('no label has more values than the code knows', async () => {
    const routes = await ask('count by (route) (souk_http_request_seconds_count)');
    expect(
      routes.map(({ metric }) => metric['route']).filter((route) => !/^(other|\/[\w/:-]*)$/.test(route ?? '')),
    ).toEqual([]);
    const series = await ask('count by (__name__) ({__name__=~"souk_.*",__name__!~".*_bucket"})');
    for (const { metric, value } of series) expect(value, metric['__name__']).toBeLessThan(200);
  });
});
