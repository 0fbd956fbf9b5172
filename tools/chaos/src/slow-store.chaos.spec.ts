import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@souk/stack';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { System } from './system.ts';

/** What the store of one service takes longer, there and back. */
const SLOW_MS = 300;
const SOON = { timeout: 60_000, interval: 500 };
const READERS = 2;

const Panels = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
});
const Answer = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});
const Page = z.object({ items: z.array(z.object({ id: z.string() })).min(1) });

let system: System;
beforeAll(async () => {
  const isWired = (way: string) => way.endsWith('/mongo');
  const layout = {
    replicas: 1,
    isWired,
    isObserved: true,
    isSeeded: true,
    env: { CATALOGUE_TTL_MS: '0', RATE_LIMIT_FACTOR: '1000' },
  };
  system = await System.start(console.error, new AbortController().signal, layout);
});
afterAll(() => system.stop());

/** What a panel of the Overview shows, by one of its labels, in milliseconds; nothing of who has done nothing (NaN). */
async function shownBy(title: string, label: string): Promise<Map<string, number>> {
  const { panels } = Panels.parse(
    JSON.parse(readFileSync(join(root, 'deploy/grafana/dashboards/overview.json'), 'utf8')),
  );
  const expr = panels.find((panel) => panel.title === title)?.targets[0]?.expr ?? '';
  const url = `${system.summary.prometheusUrl}/api/v1/query?query=${encodeURIComponent(expr)}`;
  const { data } = Answer.parse(await (await fetch(url)).json());
  const shown = data.result.map(
    ({ metric, value: [, value] }) => [metric[label] ?? '', Number(value) * 1_000] as const,
  );
  return new Map(shown.filter(([, value]) => !Number.isNaN(value)));
}

/** `bus trace`, and what it has printed. */
function trace() {
  const bus = ['--conditions=@souk/source', join(root, 'tools/bus/src/main.ts'), 'trace', '--slow', '200ms'];
  const child = spawn(process.execPath, [...bus, '--nats', system.summary.natsUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seen = { text: '', [Symbol.dispose]: () => void child.kill() };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (seen.text += text));
  return seen;
}

it(
  'a store that is slow for one service is found by the Overview and by `bus trace`',
  { timeout: 180_000 },
  async () => {
    const { baseUrl } = system.summary;
    const { items } = Page.parse(await (await fetch(`${baseUrl}/api/products?limit=20`)).json());
    system.wires.named('product-1/mongo').link.delay(SLOW_MS / 2, 0);
    using tree = trace();
    const closing = new AbortController();
    const read = async (turn: number) => {
      const page = items[turn % items.length];
      await (await fetch(`${baseUrl}/api/products/${page?.id}`, { headers: { authorization: 'Bearer x' } })).text();
    };
    const readers = Array.from({ length: READERS }, async (_, turn) => {
      while (!closing.signal.aborted) await read(turn++);
    });

    await vi.waitFor(async () => {
      const store = await shownBy('Where the time goes, p99: the store', 'app');
      expect(store.get('product')).toBeGreaterThan(SLOW_MS * 0.8);
      for (const [app, milliseconds] of store) expect(app === 'product' || milliseconds < SLOW_MS / 2).toBe(true);
      const calls = await shownBy('Where the time goes, p99: calls on the bus', 'subject');
      expect(calls.get('product.get')).toBeGreaterThan(SLOW_MS * 0.8);
      expect(tree.text).toMatch(/gateway → product\.get +3\d\d ms +ok .*\n +└─ store find products +3\d\d ms/);
    }, SOON);
    closing.abort();
    await Promise.all(readers);
  },
);
