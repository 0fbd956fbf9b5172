import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Growth, measureGrowth } from './growth.ts';
import { measure } from './measure.ts';
import type { Bench, Result } from './row.ts';
import { rows } from './rows/index.ts';
import { say } from './say.ts';

// Runs inside of `npm run up -- --exec`, which says where everything is.
const Environment = z.object({
  BASE_URL: z.string(),
  GATEWAY_URL: z.string(),
  MONGODB_URL: z.string(),
  SOUK_STORE: z.string(),
  SOUK_STATE: z.string(),
  ADMIN_EMAIL: z.string(),
  ADMIN_PASSWORD: z.string(),
  BENCH: z
    .string()
    .transform((text) => JSON.parse(text))
    .pipe(
      z.object({
        rows: z.array(z.literal(Object.keys(rows)).transform((name) => name as keyof typeof rows)),
        rounds: z.number(),
        seconds: z.number(),
        directory: z.string(),
        growth: z.boolean(),
      }),
    ),
});

export interface Report {
  store: string;
  results: Result[];
  /** Rows without a figure. */
  failed: string[];
  growth: Growth[];
}

if (import.meta.main) await main();

async function main(): Promise<void> {
  const env = Environment.parse(process.env);
  const { directory, seconds, rounds, growth } = env.BENCH;
  const bench: Bench = {
    baseUrl: env.BASE_URL,
    gatewayUrl: env.GATEWAY_URL,
    mongoUrl: env.MONGODB_URL,
    stateFile: env.SOUK_STATE,
    adminCredentials: JSON.stringify({ email: env.ADMIN_EMAIL, password: env.ADMIN_PASSWORD }),
    seconds,
    directory,
  };
  const results: Result[] = [];
  const failed: string[] = [];
  for (const name of env.BENCH.rows) {
    try {
      results.push(await measure(rows[name], bench, rounds, say));
    } catch (error) {
      failed.push(name);
      say(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const report: Report = {
    store: env.SOUK_STORE,
    results,
    failed,
    growth: growth ? await measureGrowth(bench, say) : [],
  };
  writeFileSync(join(directory, 'report.json'), JSON.stringify(report));
}
