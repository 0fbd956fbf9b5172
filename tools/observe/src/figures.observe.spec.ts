import { beforeAll, describe, expect, it, vi } from 'vitest';
import { alerts, dashboards, metricsOf, records } from './project.ts';
import { ask, metricNames } from './prometheus.ts';
import { shoppers } from './shoppers.ts';

const LOAD_SECONDS = 20;

beforeAll(async () => {
  await shoppers(LOAD_SECONDS);
  // The last of it is scraped within two seconds.
  await vi.waitUntil(async () => (await ask('up == 1')).length === 4, 10_000);
});

const panels = dashboards().flatMap(({ title, panels: all }) =>
  all.flatMap((panel) => panel.targets.map(({ expr }) => ({ panel: `${title}: ${panel.title}`, expr }))),
);

describe('after twenty seconds of shoppers', () => {
  it.each(panels)('$panel shows something: $expr', async ({ expr }) => {
    const values = await ask(expr);
    expect(values).not.toEqual([]);
    // A rate that is zero everywhere may be one of something that is counted nowhere. Breakers and 5xx are to be zero.
    const mayBeZero = /souk_breaker_open|souk_waiting|souk_in_flight|status=~"5|souk_mongo_checkout|outcome!="ok"/.test(
      expr,
    );
    expect(Math.max(...values.map(({ value }) => value))).toBeGreaterThanOrEqual(mayBeZero ? 0 : Number.MIN_VALUE);
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
