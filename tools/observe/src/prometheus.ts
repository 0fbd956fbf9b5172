import { z } from 'zod';

const Result = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

const prometheus = z.url().parse(process.env['PROMETHEUS_URL']);

/** The values of an expression now, NaN left out. */
export async function ask(expr: string): Promise<{ metric: Record<string, string>; value: number }[]> {
  const response = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(expr)}`);
  const { data } = Result.parse(await response.json());
  return data.result
    .map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }))
    .filter(({ value }) => !Number.isNaN(value));
}

/** Every name a metric has. */
export async function metricNames(): Promise<string[]> {
  const response = await fetch(`${prometheus}/api/v1/label/__name__/values`);
  return z.object({ data: z.array(z.string()) }).parse(await response.json()).data;
}
