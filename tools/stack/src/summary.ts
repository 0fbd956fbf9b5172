import type { Summary } from './stack.ts';

/** What a person wants to know of a stack that runs. */
export function forPeople(summary: Summary): string {
  const { credentials, appMemory, redisUrl, prometheusUrl, loaded } = summary;
  const prometheus: [string, string][] = prometheusUrl === undefined ? [] : [['Prometheus', prometheusUrl]];
  const rows: [string, string][] = [
    ['Shop', summary.baseUrl],
    ['Reference', `${summary.baseUrl}/docs`],
    ['Gateway', summary.gatewayUrl],
    ['Operations', summary.opsUrl],
    ['NATS', summary.natsUrl],
    ['MongoDB', `${summary.mongoUrl}  (${summary.mongoServer})`],
    ['Redis', redisUrl ?? 'none (slower, never wrong)'],
    ...prometheus,
    ['Admin', `${credentials.adminEmail}  ${credentials.adminPassword}`],
    ['Customer', `${credentials.demoEmail}  ${credentials.demoPassword}`],
    ['Memory', appMemory === undefined ? 'not known on this system' : `${megabytes(appMemory)} MB (PSS of the apps)`],
    ['Logs', summary.logs],
  ];
  const catalogue = loaded > 0 ? [`${loaded.toLocaleString('en')} products were loaded.`] : [];
  const table = rows.map(([name, value]) => `  ${name.padEnd(11)}${value}`);
  return ['', 'The shop is open.', ...catalogue, '', ...table, '', 'Ctrl-C stops all of it.'].join('\n');
}

/** The same for programs. Memory is in bytes. */
export function forPrograms(summary: Summary): string {
  const { credentials, ...rest } = summary;
  const { jwtSecret: _jwtSecret, storePassword: _storePassword, ...accounts } = credentials;
  return JSON.stringify({ ...rest, ...accounts }, null, 2);
}

/** What the command of `--exec` finds in its environment. */
export function commandEnvironment(summary: Summary, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { credentials } = summary;
  return {
    ...env,
    BASE_URL: summary.baseUrl,
    GATEWAY_URL: summary.gatewayUrl,
    OPS_URL: summary.opsUrl,
    NATS_URL: summary.natsUrl,
    MONGODB_URL: summary.mongoUrl,
    SOUK_STORE: summary.mongoServer,
    REDIS_URL: summary.redisUrl,
    PROMETHEUS_URL: summary.prometheusUrl,
    ADMIN_EMAIL: credentials.adminEmail,
    ADMIN_PASSWORD: credentials.adminPassword,
    DEMO_EMAIL: credentials.demoEmail,
    DEMO_PASSWORD: credentials.demoPassword,
    SOUK_STATE: summary.stateFile,
  };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
