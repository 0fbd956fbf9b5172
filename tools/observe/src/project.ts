import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@souk/stack';
import { parse } from 'yaml';
import { z } from 'zod';

export const PROMETHEUS = join(root, 'deploy/prometheus');
const DASHBOARDS = join(root, 'deploy/grafana/dashboards');

const Alert = z.object({
  alert: z.string(),
  expr: z.string(),
  annotations: z.object({ summary: z.string(), runbook: z.string() }),
});
export type Alert = z.infer<typeof Alert>;
const Rules = z.object({ groups: z.array(z.object({ rules: z.array(z.looseObject({ expr: z.string() })) })) });

const Panel = z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).min(1) });
const Dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  schemaVersion: z.int().min(39),
  panels: z.array(Panel).min(1),
});
export type Dashboard = z.infer<typeof Dashboard>;

const rules = () =>
  globSync('rules/*.yml', { cwd: PROMETHEUS }).flatMap((file) =>
    Rules.parse(parse(readFileSync(join(PROMETHEUS, file), 'utf8'))).groups.flatMap((group) => group.rules),
  );

export const alerts = (): Alert[] =>
  rules()
    .filter((rule) => 'alert' in rule)
    .map((rule) => Alert.parse(rule));

/** Recorded series by name, with what they are made of. */
export const records = (): Map<string, string> =>
  new Map(
    rules().flatMap((rule) => (typeof rule['record'] === 'string' ? [[rule['record'], rule.expr] as const] : [])),
  );

export const dashboards = (): Dashboard[] =>
  globSync('*.json', { cwd: DASHBOARDS }).map((file) =>
    Dashboard.parse(JSON.parse(readFileSync(join(DASHBOARDS, file), 'utf8'))),
  );

/** Every metric an expression reads. */
export const metricsOf = (expr: string): string[] => [
  ...new Set(expr.match(/\b(?:souk|nodejs|process)[_:][a-z0-9_:]*\b|\bup\b/g)),
];
