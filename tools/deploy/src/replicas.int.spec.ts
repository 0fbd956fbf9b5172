import { expect, it } from 'vitest';
import { Shop } from './shop.ts';
import { soon } from './soon.ts';

const CLIENTS = 16;
const REPLICAS = 3;

/** Clients who read pages that no cache has, one after the other, until told to stop. */
function readers(shop: Shop) {
  const seen: { calls: number; failed: string[] } = { calls: 0, failed: [] };
  const closing = new AbortController();
  const read = async () => {
    const page = seen.calls++;
    const path = `/api/products?limit=${1 + (page % 100)}&minPrice=${page}`;
    const { status, body } = await shop.call(path).catch((error: unknown) => ({ status: 0, body: String(error) }));
    if (status !== 200) seen.failed.push(`${path}: ${status} ${body}`);
  };
  const all = Array.from({ length: CLIENTS }, async () => {
    while (!closing.signal.aborted) await read();
  });
  const reached = (calls: number) => soon(async () => (seen.calls >= calls ? true : undefined));
  const stop = async () => {
    closing.abort();
    await Promise.all(all);
    return seen;
  };
  return { seen, reached, stop };
}

/** Reads of the catalogue that a gateway has answered. */
async function answered(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const counts = metrics.matchAll(/^souk_http_request_seconds_count\{[^}]*route="\/api\/products"[^}]*\} (\d+)/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

it(
  'three gateways share the load evenly, and clients do not notice when one is killed',
  { timeout: 120_000 },
  async () => {
    await using shop = await Shop.start({ replicas: `gateway=${REPLICAS},user=2` });
    const reading = readers(shop);
    await reading.reached(1_500);
    const counts = await Promise.all(shop.summary.opsUrls.map(answered));
    console.log(`reads answered by each of ${REPLICAS} gateways: ${counts.join(', ')}`);
    const all = counts.reduce((sum, count) => sum + count, 0);
    for (const count of counts) expect(count / all).toBeGreaterThan(0.2);

    const [, victim] = shop.stack.entries().filter(({ name }) => name === 'gateway');
    process.kill(victim?.pid ?? 0, 'SIGKILL');
    await reading.reached(reading.seen.calls + 1_500);
    expect(await reading.stop()).toMatchObject({ failed: [] });
  },
);
