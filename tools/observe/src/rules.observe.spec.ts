import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@souk/stack';
import { describe, expect, it } from 'vitest';
import { alerts, dashboards, PROMETHEUS } from './project.ts';

function promtool(...args: string[]) {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, { cwd: PROMETHEUS, encoding: 'utf8' });
  if (error) throw error;
  return { status, said: stdout + stderr };
}

const RULES = globSync('rules/*.yml', { cwd: PROMETHEUS });
const TESTS = globSync('tests/*.yml', { cwd: PROMETHEUS });

describe('the configuration of Prometheus', () => {
  it('is valid, and so are its rules', () => {
    expect(promtool('check', 'config', 'prometheus.yml')).toMatchObject({ status: 0 });
    expect(promtool('check', 'rules', ...RULES)).toMatchObject({ status: 0 });
  });

  it('has alerts that are quiet and fire when they should', () => {
    expect(promtool('test', 'rules', ...TESTS)).toMatchObject({ status: 0 });
  });

  it('has a test in which each alert fires, and one in which it is quiet', () => {
    const tests = TESTS.map((file) => readFileSync(join(PROMETHEUS, file), 'utf8')).join('\n');
    for (const { alert } of alerts()) {
      expect(tests, alert).toMatch(new RegExp(`alertname: ${alert}, exp_alerts: \\[\\]`));
      expect(tests, alert).toMatch(new RegExp(`alertname: ${alert}\\n +exp_alerts:\\n +- exp_labels`));
    }
  });

  it('names a runbook that is there for each alert, and only such', () => {
    const operations = readFileSync(join(root, 'docs/operations.md'), 'utf8');
    const headings = [...operations.matchAll(/^### (Souk\w+)$/gm)].map(([, heading]) => heading);
    expect(
      alerts()
        .map(({ alert }) => alert)
        .toSorted(),
    ).toEqual(headings.toSorted());
    for (const { alert, annotations } of alerts()) {
      expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    }
  });
});

describe('the dashboards', () => {
  it('are those that the documents name, each with an address of its own', () => {
    const titles = dashboards().map(({ title }) => title.replace('Souk / ', ''));
    expect(titles.toSorted()).toEqual([
      'Bus',
      'Containers',
      'Orders',
      'Overview',
      'Runtime',
      'Servers',
      'Stores and caches',
    ]);
    expect(new Set(dashboards().map(({ uid }) => uid)).size).toBe(titles.length);
  });

  it('ask for what there is, and make nothing up where there is none', () => {
    for (const { panels } of dashboards()) {
      for (const { expr } of panels.flatMap(({ targets }) => targets))
        expect(expr).not.toMatch(/or\s+(on\(\)\s+)?vector\(/);
    }
  });
});
